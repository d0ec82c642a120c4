import DuctusHandwriting
import Foundation
import Testing

/// Whether docs/configuration.md names everything that a configuration file can.
@Suite struct ConfigurationDocumentTests {
    private let text: String

    init() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        text = try String(contentsOf: root.appendingPathComponent("docs/configuration.md"), encoding: .utf8)
    }

    /// The stored properties, which are the keys.
    private static func keys(_ configuration: any Configuration) -> [String] {
        Mirror(reflecting: configuration).children.compactMap(\.label)
    }

    private static let parts: [any Configuration] = [
        TrainingConfiguration(), Augmentation(), EarlyStopping(), ReduceOnPlateau(), PageEvaluation(),
        ParagraphSynthesis(), LineSynthesis(), PAGEData(), LineInput(), DetectionInput(), BaselineInput(),
        ParagraphInput(),
        CharacterRecognition(), CharacterRecognition.Source(), LineRecognition(), LineRecognition.Source(),
        LineDetection(), LineDetection.Source(), BaselineDetection(), BaselineDetection.Source(),
        ParagraphRecognition(), ParagraphRecognition.Source(), AdamW(), Adam(), SGD(), RMSprop(), Lion(),
        OneCycleSchedule(), StepSchedule(), SoftmaxCrossEntropyLoss(), CTCLoss(), TeacherForcingLoss(),
    ]

    @Test(arguments: parts.indices) func keysAreNamed(part: Int) {
        for key in Self.keys(Self.parts[part]) {
            let names = ["`\(key)`", "`input.\(key)`"]
            #expect(names.contains(where: text.contains), "\(type(of: Self.parts[part])).\(key)")
        }
    }

    /// In a process of its own, since other tests register components.
    @Test func componentsAreNamed() async {
        await #expect(processExitsWith: .success) { [text = text as String] in
            let names =
                Registries.tasks.names + Registries.metrics.names + Registries.callbacks.names
                + Registries.losses.names + Registries.optimizers.names + Registries.schedules.names
                + Registries.networks.names + Registries.trackers.names
            for name in names { #expect(text.contains("`\(name)`"), "\(name)") }
        }
    }
}
