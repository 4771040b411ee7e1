// PoCL 6.0 asks LLVM 18 for the pass "instcombine" by name, and LLVM then ends the process wherever one more iteration would
// still change something ("Instruction Combining did not reach a fixpoint": a check for LLVM's own tests, which is off in every
// pipeline that is not made from a text). Preloaded, this function stands before llvm::PassBuilder::parsePassPipeline(
// ModulePassManager &, StringRef) and asks for the same pass without the check. Mended in PoCL 7 (pocl/pocl 1608).
// The result, an llvm::Error, is returned in memory: its address is the first argument; StringRef is a pointer and a length.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PARSE _ZN4llvm11PassBuilder17parsePassPipelineERNS_11PassManagerINS_6ModuleENS_15AnalysisManagerIS2_JEEEJEEENS_9StringRefE
#define TEXT(name) #name
#define NAME(name) TEXT(name)

typedef void *Parse(void *result, void *builder, void *manager, const char *text, size_t length);

void *PARSE(void *result, void *builder, void *manager, const char *text, size_t length) {
    static const char pass[] = "(instcombine)", unchecked[] = "(instcombine<no-verify-fixpoint>)";
    void *llvm = dlopen("libLLVM-18.so.18.1", RTLD_LAZY | RTLD_NOLOAD); // loaded, but not for all to see
    Parse *next = llvm ? (Parse *)dlsym(llvm, NAME(PARSE)) : 0;
    char *longer = malloc(length * (sizeof unchecked / sizeof pass + 1) + 1), *end = longer;
    if (!next || !longer) {
        fputs("pocl-no-verify-fixpoint: not the LLVM that it was written for\n", stderr);
        abort();
    }
    for (size_t i = 0; i < length;) {
        if (length - i >= sizeof pass - 1 && memcmp(text + i, pass, sizeof pass - 1) == 0) {
            memcpy(end, unchecked, sizeof unchecked - 1);
            end += sizeof unchecked - 1;
            i += sizeof pass - 1;
        } else {
            *end++ = text[i++];
        }
    }
    void *error = next(result, builder, manager, longer, (size_t)(end - longer));
    free(longer);
    return error;
}
