/// What the table of hyperparameters needs; the messages are those of TensorBoard's `hparams` plugin.
extension TrackedRun {
    /// The hyperparameters, and the validation value that runs are compared by.
    var hyperparameterRecords: [[UInt8]] {
        let experiment = ProtocolBuffer { experiment in
            for (key, value) in hyperparameters {
                experiment.set(4) { info in
                    info.set(1, key)
                    info.set(4, value.dataType)
                }
            }
            experiment.set(5) { info in info.set(1) { $0.set(2, "validation/\(monitor ?? "loss")") } }
        }
        let start = ProtocolBuffer { start in
            for (key, value) in hyperparameters {
                start.set(1) { entry in
                    entry.set(1, key)
                    entry.set(2) { value.write(to: &$0) }
                }
            }
            start.set(4, identity)
            start.set(5, startTime)
        }
        return [record("experiment", 2, experiment), record("session_start_info", 3, start)]
    }

    /// The end of the run.
    var endRecord: [UInt8] {
        let end = ProtocolBuffer { end in
            end.set(1, 1)
            end.set(2, endTime)
        }
        return record("session_end_info", 4, end)
    }

    private func record(_ name: String, _ field: Int, _ message: ProtocolBuffer) -> [UInt8] {
        let content = ProtocolBuffer { $0.set(field, message.bytes) }
        return EventFile.summary("_hparams_/\(name)", time: startTime) { summary in
            summary.setPlugin("hparams", content, class: 2)
            // The data of a plugin is a tensor; here it is not looked at.
            summary.set(8) { tensor in
                tensor.set(1, 1)
                tensor.set(2) { _ in }
                tensor.set(5, littleEndian(Float(0).bitPattern))
            }
        }
    }

    /// The settings by which experiments differ.
    private var hyperparameters: [(key: String, value: Hyperparameter)] {
        settings.filter { $0.key != "name" && $0.key != "training.trackers" }.map { key, value in
            (key, numbers[key].map(Hyperparameter.number) ?? Bool(value).map(Hyperparameter.boolean) ?? .text(value))
        }
    }
}

/// A value in the table of hyperparameters.
private enum Hyperparameter {
    case number(Double)
    case boolean(Bool)
    case text(String)

    var dataType: Int {
        switch self {
        case .text: 1
        case .boolean: 2
        case .number: 3
        }
    }

    /// Writes a `google.protobuf.Value`.
    func write(to message: inout ProtocolBuffer) {
        switch self {
        case .number(let number): message.set(2, number)
        case .text(let text): message.set(3, text)
        case .boolean(let value): message.set(4, value ? 1 : 0)
        }
    }
}
