import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Foundation
import Testing

/// The sentence that each mistake in a configuration gets. What is unknown is answered with the nearest known name, if one
/// is near, and with all of them.
@Suite struct MisconfigurationTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let change: String
        /// The sentence without the name of the file.
        let sentence: String
        var testDescription: String { change }

        init(_ change: String, _ sentence: String) { (self.change, self.sentence) = (change, sentence) }
    }

    private static let training =
        "augmentation, average, batchSize, bucketBytes, callbacks, checkpointEvery, clipNorm, epochs, loss, metrics, "
        + "monitor, optimizer, rate, reduction, schedule, seed, shards, startsFrom, trackers"

    static let mistakes: [Mistake] = [
        // Keys
        .init(
            "trainning.epochs=3",
            "key \"trainning\" is not known (did you mean \"training\"?); known are characters, data, decomposes, input, "
                + "name, network, task, training, unknownCharacters."),
        .init(
            "training.epoch=3",
            "key \"training.epoch\" is not known (did you mean \"epochs\"?); known are \(training)."),
        .init(
            "training.learningRate=3", "key \"training.learningRate\" is not known; known are \(training)."),
        .init(
            "training.batchsize=3",
            "key \"training.batchsize\" is not known (did you mean \"batchSize\"?); known are \(training)."),
        .init(
            "training.optimizer.beta=0.5",
            "key \"training.optimizer.beta\" is not known (did you mean \"beta1\"?); known are beta1, beta2, decay, "
                + "decaysVectors, epsilon."),
        .init(
            "training.schedule.warmUp=0.5",
            "key \"training.schedule.warmUp\" is not known (did you mean \"warmup\"?); known are warmup."),
        .init(
            "network.filter=[1]",
            "key \"network.filter\" is not known (did you mean \"filters\"?); known are classes, dropout, "
                + "filters, hidden, normalizesAll, recurrentLayers."),
        .init(
            "data.validaton=x",
            "key \"data.validaton\" is not known (did you mean \"validation\"?); known are directory, extra, kind, limit, "
                + "training, validation."),
        .init(
            "training.callbacks=[{\"name\": \"earlyStopping\", \"patiense\": 2}]",
            "key \"training.callbacks.patiense\" is not known (did you mean \"patience\"?); known are minimumChange, "
                + "patience."),
        .init(
            "training.trackers=[{\"name\": \"mlflow\", \"uri\": \"http://x\"}]",
            "key \"training.trackers.uri\" is not known (did you mean \"url\"?); known are experiment, sendsWeights, url."
        ),
        .init(
            "data.extra=[{\"kind\": \"lines\", \"directry\": \"x\"}]",
            "key \"data.extra.directry\" is not known (did you mean \"directory\"?); known are directory, kind."),
        // Names
        .init(
            "task=line",
            "there is no task \"line\" (did you mean \"lines\"?); choose one of lines, characters, detection, baselines, "
                + "paragraphs."),
        .init(
            "network=crn",
            "there is no network \"crn\" (did you mean \"crnn\"?); choose one of mlp, lenet, sliding_window, "
                + "all_conv, lstm_ctc, crnn, fcn, unet, residualCRNN, seq2seq, lineTransformer, paragraphTransformer."),
        .init(
            "training.optimizer=adamw",
            "there is no optimizer \"adamw\" (did you mean \"adamW\"?); choose one of sgd, rmsprop, adam, adamW, lion."),
        .init(
            "training.schedule=cosin",
            "there is no schedule \"cosin\" (did you mean \"cosine\"?); choose one of constant, cosine, oneCycle, steps."
        ),
        .init(
            "training.loss=ctcc",
            "there is no loss \"ctcc\" (did you mean \"ctc\"?); choose one of "
                + "softmaxCrossEntropy, ctc, positions, teacherForcing."),
        .init(
            "training.metrics=[\"acuracy\"]",
            "there is no metric \"acuracy\" (did you mean \"accuracy\"?); choose one of accuracy, characterAccuracy."),
        .init(
            "training.callbacks=[\"earlyStoping\"]",
            "there is no callback \"earlyStoping\" (did you mean \"earlyStopping\"?); choose one of earlyStopping, reduceOnPlateau, pages."
        ),
        .init(
            "training.trackers=[\"tensorboard\"]",
            "there is no tracker \"tensorboard\" (did you mean \"tensorBoard\"?); choose one of tensorBoard, mlflow."),
        .init(
            "data.kind=line",
            "there is no kind of data \"line\" (did you mean \"lines\"?); choose one of iam, lines, emnist-lines, alto, page."
        ),
        .init(
            "training.monitor=caracterAccuracy",
            "key \"training.monitor\" is \"caracterAccuracy\" (did you mean \"characterAccuracy\"?); choose one of "
                + "characterAccuracy, loss."),
        // Values
        .init("training.epochs=0", "key \"training.epochs\" is 0; it must be 1 to 1000000."),
        .init("training.epochs=ten", "key \"training.epochs\" has a value of the wrong kind."),
        .init("training.epochs=2.5", "key \"training.epochs\" has a value of the wrong kind."),
        .init("training.batchSize=0", "key \"training.batchSize\" is 0; it must be 1 to 65536."),
        .init("training.checkpointEvery=0", "key \"training.checkpointEvery\" is 0; it must be 1 to 1000000000."),
        .init("training.rate=-1", "key \"training.rate\" is -1.0; it must be 0.0 to 1000.0."),
        .init("training.rate=fast", "key \"training.rate\" has a value of the wrong kind."),
        .init("training.average=1", "key \"training.average\" is 1.0; it must be 0.0 to 0.999999."),
        .init("training.clipNorm=-1", "key \"training.clipNorm\" is -1.0; it must be 1e-09 to 1000000000.0."),
        .init("training.seed=-1", "key \"training.seed\" has a value of the wrong kind."),
        .init("training.callbacks=earlyStopping", "key \"training.callbacks\" has a value of the wrong kind."),
        .init("training.trackers=tensorBoard", "key \"training.trackers\" has a value of the wrong kind."),
        .init(
            "training.optimizer.beta2=1", "key \"training.optimizer.beta2\" is 1.0; it must be 0.0 to 0.99999999."),
        .init("training.schedule.warmup=2", "key \"training.schedule.warmup\" is 2.0; it must be 0.0 to 1.0."),
        .init(
            "training.callbacks=[{\"name\": \"earlyStopping\", \"patience\": 0}]",
            "key \"training.callbacks.patience\" is 0; it must be 1 to 1000000."),
        .init(
            "training.trackers=[{\"name\": \"mlflow\", \"url\": \"localhost:5000\"}]",
            "key \"training.trackers.url\" is \"localhost:5000\"; it must begin with http:// or https://."),
        .init(
            "training.trackers=[{\"name\": \"mlflow\", \"url\": \"http://x\", \"experiment\": \"\"}]",
            "key \"training.trackers.experiment\" is empty; it must be a name."),
        .init("training.augmentation.noise=-1", "key \"training.augmentation.noise\" is -1.0; it must be 0.0 to 1.0."),
        .init("network.hidden=0", "network crnn: key \"hidden\" is 0; it must be 1 to 2048."),
        .init("data.limit=-1", "key \"data.limit\" is -1; it must be 1 to 1000000000."),
        .init("name=", "key \"name\" must be a string that is not empty."),
        .init("training=5", "key \"training\" must be an object."),
        .init("network=3", "key \"network\" must be a name or an object with a \"name\"."),
        .init("input.height=32", "key \"input.height\" is 32; crnn takes 28."),
        .init("unknownCharacters=dropped", "key \"unknownCharacters\" has a value of the wrong kind."),
        // What does not fit together
        .init(
            "network=mlp",
            "the network mlp is not a line recognizer; choose one of sliding_window, all_conv, lstm_ctc, crnn, "
                + "residualCRNN, seq2seq, lineTransformer, paragraphTransformer."),
        .init(
            "training.loss=teacherForcing", "the loss teacherForcing is for autoregressive networks, such as seq2seq."),
        .init("characters=", "key \"characters\": The character set is empty; it needs at least one character."),
        .init(
            "characters=abca",
            "key \"characters\": The character set lists “a” (U+0061) twice; list each character once."),
        .init(
            "data.directory=$DUCTUS_NOT_SET/x",
            "the path $DUCTUS_NOT_SET/x needs the environment variable DUCTUS_NOT_SET, which is not set."),
    ]

    @Test(arguments: mistakes) func everyMistakeGetsItsSentence(_ mistake: Mistake) throws {
        let folder = try TemporaryFolder()
        try TinyLines.write(to: folder.path)
        let text = try TinyLines.experiment(directory: folder.path, epochs: 1).text
        let error = try #require(throws: (any Error).self) {
            let experiment = try Experiment(Array(text.utf8), file: "run.json", changes: [mistake.change])
            try Run.create(experiment, at: folder.file("run")).train(callbacks: [])
        }
        // Other tests register components of their own, which are then listed as well.
        func beforeChoice(_ sentence: String) -> String { sentence.components(separatedBy: "; choose one of ")[0] }
        #expect(beforeChoice("\(error)") == beforeChoice("run.json: \(mistake.sentence)"))
    }
}
