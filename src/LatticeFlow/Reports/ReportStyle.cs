namespace LatticeFlow.Reports;

/// <summary>The style sheet of the report: light and dark, from a telephone to paper, no web font, no image.</summary>
internal static class ReportStyle
{
    // Colours of text have a contrast of 4.5 or more with what they stand on in either scheme, those of lines and points 3: ReportStyleTests.
    public const string Css = """

        :root { color-scheme: light; --page: #f6f7f9; --paper: #ffffff; --ink: #1b2230; --soft: #556070; --rule: #d9dee6; --grid: #e9ecf1;
          --good: #1f7a4d; --bad: #b3261e; --doubt: #8a5a00; --bad-paper: #fdecea; --doubt-paper: #fff6e0; --good-paper: #e9f6ef;
          --c0: #2166ac; --c1: #c1540c; --c2: #1b7f5f; --c3: #8a4fa8; --c4: #8d6620; --c5: #5b6770; --ref: #1b2230; --bar: #c9d1dd; }
        @media screen and (prefers-color-scheme: dark) { :root { color-scheme: dark; --page: #12161d; --paper: #1a2029; --ink: #e6eaf0; --soft: #a3aebd; --rule: #323b48; --grid: #29313c;
          --good: #6fcf97; --bad: #ff8a80; --doubt: #f0c060; --bad-paper: #3a1d1d; --doubt-paper: #33290f; --good-paper: #14301f;
          --c0: #6cb2f0; --c1: #f39a5b; --c2: #5fcfa6; --c3: #c79be0; --c4: #d9b566; --c5: #a9b4be; --ref: #e6eaf0; --bar: #434e5d; } }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
        main { max-width: 1200px; margin: 0 auto; padding: 28px 20px 60px; }
        h1 { font-size: 28px; line-height: 1.2; margin: 0; overflow-wrap: anywhere; }
        h2 { font-size: 19px; margin: 36px 0 10px; padding-bottom: 5px; border-bottom: 1px solid var(--rule); }
        h3 { font-size: 14px; margin: 0 0 6px; overflow-wrap: anywhere; }
        p { margin: 6px 0 12px; max-width: 84ch; }
        .subtitle { color: var(--soft); font-size: 17px; margin: 4px 0 16px; }
        .note { color: var(--soft); font-size: 13px; }
        nav { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 0 0 8px; font-size: 13px; }
        nav a { color: var(--c0); }
        code, pre { font-family: ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace; font-size: 12.5px; overflow-wrap: anywhere; }
        pre { background: var(--paper); border: 1px solid var(--rule); border-radius: 6px; padding: 12px; overflow-x: auto; }
        .verdict, .warnings { border: 1px solid var(--v); border-left-width: 8px; border-radius: 8px; padding: 10px 16px; margin: 0 0 16px; background: var(--v-paper); }
        .verdict h2, .warnings h2 { color: var(--v); margin: 0 0 4px; padding: 0; border: 0; }
        .verdict ul, .warnings ul { margin: 0; padding-left: 20px; } .verdict p { margin: 4px 0 0; } .verdict .note { color: var(--ink); }
        .verdict li, .warnings li { overflow-wrap: anywhere; }
        .verdict.failed { --v: var(--bad); --v-paper: var(--bad-paper); border-width: 3px; border-left-width: 12px; } .verdict.failed h2 { font-size: 23px; } .verdict.failed li { font-weight: 600; }
        .verdict.doubtful, .warnings { --v: var(--doubt); --v-paper: var(--doubt-paper); } .verdict.passed { --v: var(--good); --v-paper: var(--good-paper); }
        .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(190px, 100%), 1fr)); gap: 12px; margin: 0 0 18px; }
        .card { background: var(--paper); border: 1px solid var(--rule); border-radius: 8px; padding: 10px 14px; min-width: 0; }
        .card.failed { border: 2px solid var(--bad); }
        .card .name { color: var(--soft); font-size: 13px; }
        .card .number { font-size: 22px; font-weight: 600; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .card .detail { color: var(--soft); font-size: 12.5px; overflow-wrap: anywhere; }
        .scroll { overflow-x: auto; background: var(--paper); border: 1px solid var(--rule); border-radius: 8px; margin: 0 0 12px; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 14px; }
        th, td { text-align: right; padding: 5px 12px; border-bottom: 1px solid var(--grid); white-space: nowrap; }
        th { white-space: normal; line-height: 1.25; color: var(--soft); font-weight: 600; font-size: 12.5px; vertical-align: bottom; }
        td.text, th.text { text-align: left; }
        tbody tr:last-child td { border-bottom: 0; }
        tr.opens td { border-top: 1px solid var(--rule); }
        tr.failed td { background: var(--bad-paper); }
        .badge { color: var(--bad); font-weight: 700; margin-left: 8px; white-space: nowrap; }
        table.facts td { text-align: left; white-space: normal; overflow-wrap: anywhere; }
        table.facts td:first-child { color: var(--soft); width: 22em; }
        .good { color: var(--good); } .bad { color: var(--bad); font-weight: 700; }
        .dot { display: inline-block; width: 9px; height: 9px; border-radius: 50%; margin-right: 7px; background: var(--c); }
        .plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(360px, 100%), 1fr)); gap: 14px; margin: 0 0 12px; align-items: start; }
        figure { margin: 0; background: var(--paper); border: 1px solid var(--rule); border-radius: 8px; padding: 10px 10px 8px; min-width: 0; }
        figcaption { color: var(--soft); font-size: 12.5px; margin-top: 4px; }
        svg { display: block; width: 100%; max-width: 470px; height: auto; margin: 0 auto; font: 11.5px system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
        svg text { fill: var(--ink); } .axes text { fill: var(--soft); } .axes .label { fill: var(--ink); } svg .group { font-weight: 600; } svg .value { font-variant-numeric: tabular-nums; }
        .grid { stroke: var(--grid); fill: none; } .frame { stroke: var(--soft); fill: none; }
        .s0 { --c: var(--c0); } .s1 { --c: var(--c1); } .s2 { --c: var(--c2); } .s3 { --c: var(--c3); } .s4 { --c: var(--c4); } .s5 { --c: var(--c5); } .reference { --c: var(--ref); } .exact { --c: var(--bar); }
        .curve { stroke: var(--c); fill: none; stroke-width: 1.5; stroke-linejoin: round; } .curve.thin { stroke-width: 1; } .key { stroke: var(--c); fill: none; stroke-width: 4; }
        .outline { stroke: var(--c); stroke-width: 1.5; fill: var(--c); fill-opacity: .1; } .cloud { stroke: var(--c); stroke-width: 2.6; stroke-linecap: round; fill: none; opacity: .55; }
        .mark { stroke: var(--c); fill: none; stroke-width: 1.4; stroke-dasharray: 5 4; } .ray { stroke: var(--soft); fill: none; stroke-width: 1; opacity: .6; } .target { stroke: var(--ref); fill: none; stroke-width: 2; }
        .faint { stroke: none; fill: var(--c); opacity: .17; } .dense { stroke: var(--c); stroke-width: 1; fill: var(--c); } .error { stroke: none; fill: var(--c); opacity: .28; }
        .key.faintkey { opacity: .3; }
        .bar { fill: var(--c); }
        .point line { stroke: var(--c); stroke-width: 1.6; } .point circle { fill: var(--c); stroke: var(--paper); stroke-width: 1; }
        .sigma { fill: var(--c2); opacity: .13; }
        details { margin: 8px 0; } summary { cursor: pointer; color: var(--soft); }
        .provenance { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(250px, 100%), 1fr)); gap: 6px 24px; margin: 0; padding: 12px 16px; background: var(--paper); border: 1px solid var(--rule); border-radius: 8px; font-size: 13px; }
        .provenance dt { color: var(--soft); font-size: 12px; } .provenance dd { margin: 0; overflow-wrap: anywhere; }
        @media (min-width: 641px) { .repeated { visibility: hidden; } }
        /* A row of a table becomes a block of lines: name and number. */
        @media (max-width: 640px) {
          main { padding: 16px 10px 40px; } h1 { font-size: 23px; }
          .cards { grid-template-columns: 1fr 1fr; gap: 8px; } .card { padding: 8px 10px; } .card .number { font-size: 19px; }
          figure { padding: 8px 6px; } .warnings { font-size: 13.5px; padding: 10px; }
          table.stacks thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
          table.stacks, table.stacks tbody { display: block; } table.stacks tr { display: grid; grid-template-columns: 1fr 1fr; gap: 0 14px; padding: 8px 10px; border-top: 1px solid var(--rule); }
          table.stacks tr:first-child { border-top: 0; } table.stacks td { display: flex; justify-content: space-between; gap: 8px; flex-wrap: wrap; padding: 1px 0; border: 0 !important; font-size: 13px; }
          table.stacks td.text { font-size: 14px; font-weight: 600; white-space: normal; } table.stacks td[data-label]::before { content: attr(data-label); color: var(--soft); font-weight: 400; }
          table.stacks tr.failed { background: var(--bad-paper); }
          table.facts, table.facts tbody, table.facts tr, table.facts td { display: block; width: auto; } table.facts td:first-child { width: auto; font-size: 12.5px; border: 0; padding: 6px 10px 0; } table.facts td:last-child { padding: 0 10px 6px; } }
        @media print {
          @page { margin: 14mm; }
          body { background: #fff; font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; } main { max-width: none; padding: 0; } nav { display: none; }
          h2 { break-after: avoid; margin-top: 20px; } h3, h2 + .note { break-after: avoid; } p, li, figure, .card, .verdict, .provenance div, tr { break-inside: avoid; } thead { display: table-header-group; }
          .plots { grid-template-columns: 1fr 1fr; gap: 8px; } .cards { grid-template-columns: repeat(4, 1fr); gap: 6px; } .card .number { font-size: 17px; }
          .scroll { overflow: visible; } table { font-size: 8.5pt; } th { font-size: 8pt; } th, td { padding: 3px 6px; } pre { white-space: pre-wrap; font-size: 7.5pt; } details::details-content { content-visibility: visible; block-size: auto; } }

        """;
}
