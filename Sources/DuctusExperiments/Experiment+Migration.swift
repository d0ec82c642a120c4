extension JSONText {
    /// The configuration of an experiment, converted to the current format if it is older.
    ///
    /// In the old format, `0` and `""` meant "none", and the hyperparameters of every optimizer and the recipes of every
    /// task were keys of every file. The `configuration.json` of a run had all of them, including those without effect,
    /// which are removed here.
    package var migrated: JSONText {
        guard var file = object else { return self }
        // Only files written by runs have the recipes of two tasks.
        let isComplete = file["detection"] != nil && file["paragraph"] != nil
        let task = file["task"]?.string ?? "lines"
        file.migrateRecipe(task, isComplete)
        if var data = file["data"]?.object {
            data.migrateData(task, isComplete)
            file["data"] = .object(data)
        }
        if var training = file["training"]?.object {
            training.migrateTraining(network: file["network"]?.object?["name"]?.string ?? "", isComplete)
            file["training"] = .object(training)
        }
        return .object(file)
    }
}

extension [String: JSONText] {
    /// The recipe of every task is now `input`.
    fileprivate mutating func migrateRecipe(_ task: String, _ isComplete: Bool) {
        if isComplete {
            if task == "detection" || task == "paragraphs" { self["input"] = nil }
            if task != "detection" { self["detection"] = nil }
            if task != "paragraphs" { self["paragraph"] = nil }
            if task == "characters" || task == "detection" { self["characters"] = nil }
            if task == "characters" { self["input"] = nil }
        }
        if task == "detection" { move("detection", to: "input") }
        if task == "paragraphs" { move("paragraph", to: "input") }
    }

    /// Settings of one kind of data now belong to that kind.
    fileprivate mutating func migrateData(_ task: String, _ isComplete: Bool) {
        let kind = self["kind"]?.string ?? self["kind"]?.object?["name"]?.string
        if let synthesis = self["synthesis"]?.object, kind == "emnist-lines" || isComplete {
            self["synthesis"] = nil
            if kind == "emnist-lines" {
                var settings = (self["kind"]?.object ?? [:]).merging(synthesis) { $1 }
                settings.remove("text", if: .string(""))
                settings["name"] = .string("emnist-lines")
                self["kind"] = .object(settings)
            }
        }
        if let outlines = self["followsOutlines"], kind == "alto" || kind == "page" || isComplete {
            self["followsOutlines"] = nil
            if let kind, kind == "alto" || kind == "page", outlines == .boolean(true) {
                self["kind"] = .object(["name": .string(kind), "followsOutlines": outlines])
            }
        }
        remove("limit", if: .number("0"))
        if self["validation"] == .string("") { self["validation"] = .null }
        if isComplete {
            for (key, owner) in [
                ("isBalanced", "characters"), ("views", "detection"), ("paragraphs", "paragraphs"), ("extra", "lines"),
            ] where owner != task { self[key] = nil }
        }
        if let extra = self["extra"]?.array {
            self["extra"] = .array(
                extra.map { source in
                    guard let parts = source.string?.split(separator: ":", maxSplits: 1), parts.count == 2 else {
                        return source
                    }
                    return .object(["kind": .string(String(parts[0])), "directory": .string(String(parts[1]))])
                })
        }
    }

    /// Hyperparameters now belong to their optimizer, schedule, or loss, and optional keys are absent.
    fileprivate mutating func migrateTraining(network: String, _ isComplete: Bool) {
        let optimizer = self["optimizer"]?.string ?? "adamW"
        moveHyperparameter("momentum", to: "optimizer", named: optimizer, keeping: !isComplete || optimizer == "sgd")
        moveHyperparameter("decay", to: "optimizer", named: optimizer, keeping: !isComplete || optimizer == "adamW")
        let schedule = self["schedule"]?.string ?? "oneCycle"
        moveHyperparameter("warmup", to: "schedule", named: schedule, keeping: !isComplete || schedule == "oneCycle")
        let isAutoregressive = ["seq2seq", "lineTransformer", "paragraphTransformer"].contains(network)
        if let smoothing = removeValue(forKey: "smoothing"), (smoothing.number ?? 1) != 0,
            isAutoregressive || !isComplete
        {
            self["loss"] = .object(["name": .string("teacherForcing"), "smoothing": smoothing])
        }
        if self["clipNorm"]?.number == 0 { self["clipNorm"] = .null }
        remove("monitor", if: .string(""))
        remove("startsFrom", if: .string(""))
        if let start = self["startsFrom"]?.string {
            self["startsFrom"] = .string(
                start.hasPrefix(Self.oldWeights) ? Self.weights + start.dropFirst(Self.oldWeights.count) : start)
        }
        if let distortions = self["augmentation"]?.object,
            distortions.allSatisfy({ $0.key == "smoothness" || $0.value.number == 0 || $0.value == .boolean(false) })
        {
            self["augmentation"] = nil
        }
        var callbacks = self["callbacks"]?.array ?? []
        if let patience = removeValue(forKey: "patience"), (patience.number ?? 1) != 0 {
            callbacks.append(.object(["name": .string("earlyStopping"), "patience": patience]))
        }
        if var pages = removeValue(forKey: "pages")?.object, (pages["every"]?.number ?? 0) != 0 {
            pages.remove("limit", if: .number("0"))
            for key in ["kind", "directory", "split", "model"] { pages.remove(key, if: .string("")) }
            pages["name"] = .string("pages")
            callbacks.append(.object(pages))
        }
        if !callbacks.isEmpty { self["callbacks"] = .array(callbacks) }
    }

    /// The old and the current directory of the pretrained weights in the repository.
    private static var oldWeights: String { "Sources/DuctusHandwriting/Weights/" }
    private static var weights: String { "Sources/DuctusReading/Weights/" }

    private mutating func moveHyperparameter(
        _ key: String, to component: String, named name: String, keeping isKept: Bool
    ) {
        guard let value = removeValue(forKey: key), isKept else { return }
        var settings = self[component]?.object ?? ["name": .string(name)]
        settings[key] = value
        self[component] = .object(settings)
    }

    private mutating func move(_ key: String, to other: String) {
        if let value = removeValue(forKey: key) { self[other] = value }
    }

    private mutating func remove(_ key: String, if value: JSONText) {
        if self[key] == value { self[key] = nil }
    }
}
