/// The JSON form: unknown values are left out; points are `[x, y]`, boxes `[x, y, width, height]`.
extension Page.Line: Codable {
    private enum CodingKeys: CodingKey { case id, text, confidence, box, baseline, polygon, words }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            id: try values.decodeIfPresent(String.self, forKey: .id),
            text: try values.decode(String.self, forKey: .text),
            confidence: try values.decodeIfPresent(Double.self, forKey: .confidence),
            box: try values.decode(Box.self, forKey: .box),
            baseline: try values.decodeIfPresent([Polygon.Point].self, forKey: .baseline) ?? [],
            polygon: try values.decodeIfPresent(Polygon.self, forKey: .polygon),
            words: try values.decodeIfPresent([Page.Word].self, forKey: .words) ?? [])
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encodeIfPresent(id, forKey: .id)
        try values.encode(text, forKey: .text)
        try values.encodeIfPresent(confidence, forKey: .confidence)
        try values.encode(box, forKey: .box)
        if !baseline.isEmpty { try values.encode(baseline, forKey: .baseline) }
        try values.encodeIfPresent(polygon, forKey: .polygon)
        if !words.isEmpty { try values.encode(words, forKey: .words) }
    }
}

extension Page.Word: Codable {
    private enum CodingKeys: CodingKey { case text, confidence, box }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            text: try values.decode(String.self, forKey: .text),
            confidence: try values.decodeIfPresent(Double.self, forKey: .confidence),
            box: try values.decode(Box.self, forKey: .box))
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(text, forKey: .text)
        try values.encodeIfPresent(confidence, forKey: .confidence)
        try values.encode(box, forKey: .box)
    }
}

extension Polygon: Codable {
    public init(from decoder: any Decoder) throws { self.init(try [Point](from: decoder)) }
    public func encode(to encoder: any Encoder) throws { try points.encode(to: encoder) }
}

extension Polygon.Point: Codable {
    public init(from decoder: any Decoder) throws {
        var values = try decoder.unkeyedContainer()
        self.init(x: try values.decode(Int.self), y: try values.decode(Int.self))
        guard values.isAtEnd else {
            throw DecodingError.dataCorruptedError(
                in: values, debugDescription: "A point is two numbers, [x, y].")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.unkeyedContainer()
        try values.encode(x)
        try values.encode(y)
    }
}
