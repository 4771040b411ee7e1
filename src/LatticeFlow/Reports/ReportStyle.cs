namespace LatticeFlow.Reports;

/// <summary>The style sheet of the report: light and dark, no web font, no image.</summary>
internal static class ReportStyle
{
    public const string Css = """

        :root { color-scheme: light dark; --page: #f6f7f9; --paper: #ffffff; --ink: #1b2230; --soft: #5a6475; --rule: #d9dee6; --grid: #e9ecf1;
          --good: #1f7a4d; --bad: #b3261e; --bad-paper: #fdecea; --c0: #2166ac; --c1: #c1540c; --c2: #1b7f5f; --c3: #8a4fa8; --c4: #a0762a; --c5: #5b6770; --ref: #1b2230; --bar: #c9d1dd; }
        @media (prefers-color-scheme: dark) { :root { --page: #12161d; --paper: #1a2029; --ink: #e6eaf0; --soft: #9aa6b6; --rule: #323b48; --grid: #29313c;
          --good: #6fcf97; --bad: #ff8a80; --bad-paper: #3a1d1d; --c0: #6cb2f0; --c1: #f39a5b; --c2: #5fcfa6; --c3: #c79be0; --c4: #d9b566; --c5: #a9b4be; --ref: #e6eaf0; --bar: #434e5d; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
        main { max-width: 1120px; margin: 0 auto; padding: 28px 20px 60px; }
        h1 { font-size: 28px; line-height: 1.2; margin: 0; overflow-wrap: anywhere; }
        h2 { font-size: 19px; margin: 40px 0 10px; padding-bottom: 5px; border-bottom: 1px solid var(--rule); }
        h3 { font-size: 14px; margin: 0 0 6px; }
        p { margin: 6px 0 12px; max-width: 78ch; }
        .subtitle { color: var(--soft); font-size: 17px; margin: 4px 0 18px; }
        .provenance { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(250px, 100%), 1fr)); gap: 6px 24px; margin: 0 0 20px; padding: 12px 16px; background: var(--paper); border: 1px solid var(--rule); border-radius: 8px; font-size: 13px; }
        .provenance dt { color: var(--soft); font-size: 11.5px; } .provenance dd { margin: 0; overflow-wrap: anywhere; }
        .note { color: var(--soft); font-size: 13px; }
        code, pre { font-family: ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace; font-size: 12.5px; overflow-wrap: anywhere; }
        pre { background: var(--paper); border: 1px solid var(--rule); border-radius: 6px; padding: 12px; overflow-x: auto; }
        .warnings { background: var(--bad-paper); border: 2px solid var(--bad); border-radius: 8px; padding: 12px 18px; margin: 0 0 18px; }
        .warnings h2 { color: var(--bad); margin: 0 0 6px; padding: 0; border: 0; }
        .warnings ul { margin: 0; padding-left: 20px; }
        .warnings li { overflow-wrap: anywhere; }
        .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(165px, 1fr)); gap: 12px; margin: 0 0 22px; }
        .card { background: var(--paper); border: 1px solid var(--rule); border-radius: 8px; padding: 10px 14px; }
        .card .name { color: var(--soft); font-size: 13px; }
        .card .number { font-size: 22px; font-weight: 600; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .card .detail { color: var(--soft); font-size: 12.5px; }
        .scroll { overflow-x: auto; background: var(--paper); border: 1px solid var(--rule); border-radius: 8px; margin: 0 0 12px; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 14px; }
        th, td { text-align: right; padding: 5px 12px; border-bottom: 1px solid var(--grid); white-space: nowrap; }
        th { white-space: normal; line-height: 1.25; color: var(--soft); font-weight: 600; font-size: 12.5px; vertical-align: bottom; }
        th:first-child, td:first-child, td.text, th.text { text-align: left; }
        tbody tr:last-child td { border-bottom: 0; }
        tr.opens td { border-top: 1px solid var(--rule); }
        table.facts td { text-align: left; white-space: normal; overflow-wrap: anywhere; }
        table.facts td:first-child { color: var(--soft); width: 12em; white-space: nowrap; }
        .good { color: var(--good); } .bad { color: var(--bad); font-weight: 700; }
        .dot { display: inline-block; width: 9px; height: 9px; border-radius: 50%; margin-right: 7px; background: var(--c); }
        .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(420px, 100%), 1fr)); gap: 14px; margin: 0 0 12px; }
        figure { margin: 0; background: var(--paper); border: 1px solid var(--rule); border-radius: 8px; padding: 12px 14px 8px; min-width: 0; }
        figure.wide { margin: 0 0 12px; }
        figcaption { color: var(--soft); font-size: 12.5px; margin-top: 4px; }
        svg { display: block; width: 100%; height: auto; font: 12px system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
        svg text { fill: var(--ink); } .axes text { fill: var(--soft); } .axes .label { fill: var(--ink); } svg .group { font-weight: 600; } svg .value { font-variant-numeric: tabular-nums; }
        figure.wide svg { max-width: 940px; margin: 0 auto; }
        .grid { stroke: var(--grid); fill: none; } .frame { stroke: var(--soft); fill: none; }
        .s0 { --c: var(--c0); } .s1 { --c: var(--c1); } .s2 { --c: var(--c2); } .s3 { --c: var(--c3); } .s4 { --c: var(--c4); } .s5 { --c: var(--c5); } .reference { --c: var(--ref); } .exact { --c: var(--bar); }
        .curve { stroke: var(--c); fill: none; stroke-width: 1.5; stroke-linejoin: round; } .key { stroke: var(--c); fill: none; stroke-width: 4; }
        .mark { stroke: var(--c); fill: none; stroke-width: 1.4; stroke-dasharray: 5 4; }
        .faint { stroke: none; fill: var(--c); opacity: .17; } .dense { stroke: var(--c); stroke-width: 1; fill: var(--c); } .error { stroke: none; fill: var(--c); opacity: .28; }
        .key.faintkey { opacity: .3; }
        .bar { fill: var(--c); } .rowbar rect { fill: var(--c); opacity: .75; } .rowbar line { stroke: var(--ink); stroke-width: 1.4; }
        .point line { stroke: var(--c); stroke-width: 1.6; } .point circle { fill: var(--c); stroke: var(--paper); stroke-width: 1; }
        .sigma { fill: var(--c2); opacity: .13; }
        details { margin: 8px 0; } summary { cursor: pointer; color: var(--soft); }
        @media (max-width: 800px) { main { padding: 18px 12px 40px; } table { font-size: 12.5px; } th, td { padding: 4px 6px; } th { font-size: 11.5px; } }
        @media print { body { background: #fff; } figure, .scroll, .card { break-inside: avoid; } }

        """;
}
