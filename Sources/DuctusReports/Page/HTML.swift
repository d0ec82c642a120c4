import DuctusCharts

/// Writes HTML, whose text and attributes are escaped.
struct HTML {
    typealias Attributes = [(name: String, value: String)]

    /// What is written so far.
    private(set) var text = ""

    /// Adds markup as it is.
    mutating func markup(_ markup: String) { text += markup + "\n" }

    /// Adds an element with text.
    mutating func element(_ name: String, _ content: String) { element(name, [], content) }

    /// Adds an element with attributes and text.
    mutating func element(_ name: String, _ attributes: Attributes, _ content: String) {
        text += "<\(name)\(Self.written(attributes))>\(content.xml)</\(name)>\n"
    }

    /// Adds an element with others inside.
    mutating func element(_ name: String, _ attributes: Attributes = [], _ content: (inout HTML) throws -> Void)
        rethrows
    {
        text += "<\(name)\(Self.written(attributes))>\n"
        try content(&self)
        text += "</\(name)>\n"
    }

    /// Adds an element without content.
    mutating func single(_ name: String, _ attributes: Attributes) { text += "<\(name)\(Self.written(attributes))/>\n" }

    /// Adds a section with a heading that can be linked to.
    mutating func section(_ title: String, _ content: (inout HTML) throws -> Void) rethrows {
        try element("section", [("id", Self.anchor(title)), ("aria-label", title)]) { section in
            section.element("h2", title)
            try content(&section)
        }
    }

    /// Adds a table, which scrolls by itself where it is wider than the page.
    ///
    /// - Parameters:
    ///   - name: the name for screen readers.
    ///   - head: the names of the columns; the first column names the rows.
    ///   - rows: the cells.
    ///   - isNumeric: whether all columns but the first are numbers.
    ///   - marked: the cells that stand out, by row and column.
    mutating func table(
        _ name: String, _ head: [String], _ rows: [[String]], isNumeric: Bool = false,
        marked: (_ row: Int, _ column: Int) -> Bool = { _, _ in false }
    ) {
        element("div", [("class", "scroller"), ("role", "region"), ("aria-label", name), ("tabindex", "0")]) { html in
            html.element("table", [("class", isNumeric ? "numbers" : "keys")]) { table in
                table.element("thead") { first in
                    first.element("tr") { row in for cell in head { row.element("th", [("scope", "col")], cell) } }
                }
                table.element("tbody") { body in
                    for (number, cells) in rows.enumerated() {
                        body.element("tr") { row in
                            for (column, cell) in cells.enumerated() {
                                let attributes: Attributes = marked(number, column) ? [("class", "marked")] : []
                                if column == 0 {
                                    row.element("th", [("scope", "row")] + attributes, cell)
                                } else {
                                    row.element("td", attributes, cell)
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Adds a chart, drawn twice: for wide pages, and for those as narrow as a phone, where its type must not shrink.
    mutating func chart(_ chart: some Chart, wide: (Double, Double) = (560, 300), narrow: (Double, Double) = (358, 260))
    {
        element("figure") { figure in
            for (name, size) in [("wide", wide), ("narrow", narrow)] {
                figure.element("div", [("class", name)]) {
                    $0.markup(chart.svg(width: size.0, height: size.1, isStandalone: false))
                }
            }
        }
    }

    /// A heading as the name of a place.
    static func anchor(_ title: String) -> String {
        String(title.lowercased().map { $0.isLetter || $0.isNumber ? $0 : "-" })
    }

    private static func written(_ attributes: Attributes) -> String {
        attributes.map { " \($0.name)=\"\($0.value.xml)\"" }.joined()
    }
}
