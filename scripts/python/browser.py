"""Headless Chromium over its debugging pipe, with nothing but the standard library: any width, either colour scheme, whole pages, PDF.

usage: browser.py probe PAGE SCRIPT [--widths 1280,700,400]     what the script says of the page at each width, light and dark
       browser.py shoot PAGE FOLDER NAME [--widths 1280,400] [--schemes light,dark] [--height PIXELS] [--at SELECTOR]     PNG files, and of whole pages a PDF
"""

import argparse
import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SETTLE = "new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))"


class Browser:
    """One page of one browser; commands are those of the DevTools protocol."""

    def __init__(self):
        program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        if not program:
            print("browser: no chromium found; install it (Debian: apt-get install chromium) or set CHROMIUM", file=sys.stderr)
            sys.exit(5)
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        to_browser, self.write_end = os.pipe()
        self.read_end, from_browser = os.pipe()

        def hand_over():
            # The pipe's ends are file descriptors 3 and 4 there; moved out of the way first, since they can have these numbers here.
            first, second = os.dup(to_browser), os.dup(from_browser)
            high_first, high_second = os.dup2(first, 50), os.dup2(second, 51)
            os.dup2(high_first, 3)
            os.dup2(high_second, 4)

        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--hide-scrollbars", "--remote-debugging-pipe", f"--user-data-dir={self.profile.name}", "about:blank"],
            close_fds=False, preexec_fn=hand_over, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.buffer, self.last, self.events, self.session = b"", 0, [], None
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")

    def close(self):
        self.process.kill()
        self.process.wait()
        self.profile.cleanup()

    def read(self):
        while b"\0" not in self.buffer:
            part = os.read(self.read_end, 1 << 20)
            if not part:
                raise RuntimeError("the browser has gone")
            self.buffer += part
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def send(self, method, **parameters):
        self.last += 1
        message = {"id": self.last, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write_end, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.last:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def open(self, page, width, scheme):
        """Loads the page; complaints are kept in self.events."""
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        self.send("Emulation.setEmulatedMedia", media="screen", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.events.clear()
        self.send("Page.navigate", url=pathlib.Path(page).resolve().as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self.read())
        self.evaluate(SETTLE)

    def complaints(self):
        """Console messages, exceptions, and requests for anything but the page itself."""
        texts = []
        for event in self.events:
            method, data = event.get("method"), event.get("params", {})
            if method == "Log.entryAdded":
                texts.append(data["entry"]["text"])
            elif method == "Runtime.consoleAPICalled":
                texts.append(str([argument.get("value") for argument in data["args"]]))
            elif method == "Runtime.exceptionThrown":
                texts.append(data["exceptionDetails"]["text"])
            elif method == "Network.requestWillBeSent" and data["type"] != "Document":
                texts.append(f"asks for {data['request']['url']}")
        return texts

    def evaluate(self, expression):
        answer = self.send("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"].get("exception", {}).get("description", "the script failed"))
        return answer["result"].get("value")

    def screenshot(self, path, top, width, height):
        clip = {"x": 0, "y": top, "width": width, "height": height, "scale": 1}
        answer = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        pathlib.Path(path).write_bytes(base64.b64decode(answer["data"]))

    def pdf(self, path):
        """As it is printed: the media are those of paper, and the scheme the light one."""
        self.send("Emulation.setEmulatedMedia", media="", features=[])
        answer = self.send("Page.printToPDF", printBackground=True, preferCSSPageSize=False, paperWidth=8.27, paperHeight=11.69)
        pathlib.Path(path).write_bytes(base64.b64decode(answer["data"]))


def probe(browser, page, script, widths):
    """Prints one line a width and scheme; the script gives a list of problems. Returns the number of bad ones."""
    expression, bad = pathlib.Path(script).read_text(), 0
    for width in widths:
        for scheme in ("light", "dark"):
            browser.open(page, width, scheme)
            problems = browser.complaints() + browser.evaluate(expression)
            bad += bool(problems)
            figures = browser.evaluate("document.querySelectorAll('svg').length")
            print(f"{'FAIL' if problems else 'ok  '} {width} px, {scheme}: {figures} figures" + "".join(f"\n       {problem}" for problem in problems))
    return bad


def shoot(browser, page, folder, name, widths, schemes, height, selector):
    pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
    for width in widths:
        for scheme in schemes:
            browser.open(page, width, scheme)
            full = browser.evaluate("document.documentElement.scrollHeight")
            top = browser.evaluate(f"document.querySelector({json.dumps(selector)}).getBoundingClientRect().top") if selector else 0
            path = f"{folder}/{name}-{width}-{scheme}.png"
            browser.screenshot(path, top, width, min(full - top, height) if height else full - top)
            print(path)
    if not height:
        browser.pdf(f"{folder}/{name}.pdf")
        print(f"{folder}/{name}.pdf")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=["probe", "shoot"])
    parser.add_argument("page")
    parser.add_argument("rest", nargs="+")
    parser.add_argument("--widths")
    parser.add_argument("--schemes", default="light,dark")
    parser.add_argument("--height", type=int)
    parser.add_argument("--at")
    given = parser.parse_args()
    widths = [int(width) for width in (given.widths or ("1280,700,400" if given.task == "probe" else "1280,400")).split(",")]
    browser = Browser()
    try:
        if given.task == "probe":
            return 3 if probe(browser, given.page, given.rest[0], widths) else 0
        shoot(browser, given.page, given.rest[0], given.rest[1], widths, given.schemes.split(","), given.height, given.at)
        return 0
    finally:
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
