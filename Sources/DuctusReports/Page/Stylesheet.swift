import DuctusCharts

extension HTML {
    /// The style of a report: the fonts of the reader's system, the colors of the charts, and no more than one column on a
    /// phone. On paper, everything is light and nothing is folded.
    static let stylesheet = """
        :root { color-scheme: light dark; \(Theme.light.css) --wash: #f4f6f8; --link: #0063a0;
          --wrong: #ffd9cc; --missed: #d5e8f7; }
        @media (prefers-color-scheme: dark) { :root { \(Theme.dark.css) --wash: #1d2126; --link: #7cc0f2;
          --wrong: #6b2f17; --missed: #174361; } }
        * { box-sizing: border-box; }
        html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
        @media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
        body { margin: 0 auto; padding: 2.5rem 2rem 4rem; max-width: 78rem; background: var(--chart-background);
          color: var(--chart-text); font: 1rem/1.5 system-ui, sans-serif; }
        a { color: var(--link); text-underline-offset: .15em; }
        :focus-visible { outline: 2px solid var(--link); outline-offset: 3px; border-radius: 2px; }
        .skip { position: absolute; left: -100vw; }
        .skip:focus { left: 1rem; top: 1rem; background: var(--chart-background); padding: .3rem .6rem; }
        h1 { font-size: 1.75rem; line-height: 1.2; font-weight: 650; letter-spacing: -.01em; margin: 0;
          overflow-wrap: anywhere; }
        h2 { font-size: 1.2rem; font-weight: 650; margin: 3rem 0 1rem; }
        h3 { font-size: 1rem; font-weight: 600; margin: 2rem 0 .6rem; }
        p { max-width: 42rem; margin: .4rem 0; }
        .lead, .quiet, figcaption { color: var(--chart-secondary); }
        figcaption { font-size: .875rem; margin-top: .25rem; }
        nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; padding: 0; margin: 1.2rem 0 0; }
        .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 1rem 2rem;
          margin: 1.8rem 0 0; }
        .figures div { border-top: 2px solid var(--chart-grid); padding-top: .5rem; }
        dt { color: var(--chart-secondary); font-size: .875rem; overflow-wrap: anywhere; }
        dd { margin: 0; font-size: 1.5rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
        dd small { font-size: .875rem; color: var(--chart-secondary); }
        .grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 30rem), 1fr)); gap: 1.5rem 2.5rem; }
        .grid > * { min-width: 0; }
        figure { margin: 0; }
        .chart { display: block; width: calc(100% + 16px); height: auto; margin-left: -16px;
          font-family: system-ui, sans-serif; }
        .narrow { display: none; }
        .scroller { overflow-x: auto; max-width: 100%; }
        table { border-collapse: collapse; font-size: .9375rem; }
        th, td { text-align: left; vertical-align: baseline; padding: .3rem 1.5rem .3rem 0; font-weight: 400;
          border-bottom: 1px solid var(--chart-grid); overflow-wrap: anywhere; }
        thead th { color: var(--chart-secondary); font-size: .875rem; white-space: nowrap; }
        tbody th { color: var(--chart-secondary); min-width: 8rem; }
        .keys tbody th { min-width: min(14rem, 38vw); }
        td { font-variant-numeric: tabular-nums; }
        .numbers td, .numbers thead th + th { text-align: right; }
        .numbers td:last-child, .numbers th:last-child { padding-right: 0; }
        .marked { font-weight: 650; color: var(--chart-text); }
        details { margin: 1rem 0; }
        summary { cursor: pointer; color: var(--link); width: fit-content; }
        details[open] > summary { margin-bottom: .8rem; }
        .lines { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 30rem), 1fr)); gap: 1.8rem 2.5rem; }
        .line img { display: block; max-width: 100%; max-height: 5rem; background: #fff; border-radius: 3px; }
        .line p { display: grid; grid-template-columns: 4.2rem 1fr; align-items: baseline; margin: .25rem 0 0;
          overflow-wrap: anywhere; }
        .line .label { color: var(--chart-secondary); font-size: .875rem; }
        mark { color: inherit; border-radius: 2px; padding: 0 .1em; background: var(--wrong); }
        mark.missed { background: var(--missed); }
        .page img { display: block; width: 100%; max-width: 30rem; height: auto; }
        footer { margin-top: 4rem; border-top: 1px solid var(--chart-grid); padding-top: 1rem; font-size: .875rem; }
        @media (max-width: 40rem) {
          body { padding: 1.5rem 1rem 3rem; }
          h1 { font-size: 1.4rem; } h2 { margin-top: 2.4rem; }
          .wide { display: none; } .narrow { display: block; }
          .figures { grid-template-columns: 1fr 1fr; gap: 1rem; } dd { font-size: 1.25rem; }
          th, td { padding-right: 1rem; } tbody th { min-width: 6rem; }
        }
        @media print {
          :root { color-scheme: light; \(Theme.light.css) --wash: #fff; --wrong: #ffd9cc; --missed: #d5e8f7; }
          body { padding: 0; max-width: none; font-size: 10pt; }
          nav, .skip { display: none; } summary { color: inherit; }
          details::details-content { content-visibility: visible; block-size: auto; }
          figure, tr, .line { break-inside: avoid; } h2, h3 { break-after: avoid; }
          .scroller { overflow: visible; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        }
        """
}
