import DuctusModels
import DuctusTestSupport
import Synchronization
import Testing

/// Training on several ranks.
@Suite struct ShardingTests {
    /// The outcome of the tiny training on every rank, with batches of 4, 4, and 3 samples.
    private func outcomes(
        ranks: Int, shards: Int, reduction: Sharding.Reduction = .ordered, bucketBytes: Int = 500,
        training: TinyTraining = TinyTraining(), from checkpoint: Checkpoint? = nil
    ) throws -> [Outcome] {
        var training = training
        training.sharding = Sharding(shards: shards, reduction: reduction, bucketBytes: bucketBytes)
        return try ThreadJob.run(ranks) { [training] in try training.run(from: checkpoint) }.map { try $0.get() }
    }

    /// Shards without samples included: the last batch has three.
    @Test(arguments: [(2, 2), (2, 4), (4, 4), (3, 3), (2, 6), (3, 6), (6, 6)]) func everyNumberOfRanksGivesTheSameBits(
        ranks: Int, shards: Int
    ) throws {
        let alone = try outcomes(ranks: 1, shards: shards)[0]
        let together = try outcomes(ranks: ranks, shards: shards)
        #expect(together.count == ranks)
        for outcome in together { #expect(outcome == alone) }
    }

    /// From a bucket for every parameter to one for all.
    @Test(arguments: [1, 100, 1 << 22]) func bucketsDoNotMatter(bytes: Int) throws {
        let alone = try outcomes(ranks: 1, shards: 4)[0]
        for outcome in try outcomes(ranks: 2, shards: 4, bucketBytes: bytes) { #expect(outcome == alone) }
    }

    @Test func roundedReductionIsTheSameOnAllRanks() throws {
        let ordered = try outcomes(ranks: 1, shards: 6)[0]
        let rounded = try outcomes(ranks: 3, shards: 6, reduction: .bfloat16)
        #expect(rounded[0] != ordered)
        for outcome in rounded { #expect(outcome == rounded[0]) }
        #expect(try outcomes(ranks: 3, shards: 6, reduction: .bfloat16, bucketBytes: 1) == rounded)
        for (name, bits) in rounded[0].weights {
            let known = try #require(ordered.weights[name])
            for (a, b) in zip(bits, known) {
                #expect(abs(Float(bitPattern: a) - Float(bitPattern: b)) < 0.05, "\(name)")
            }
        }
    }

    /// Running statistics, to which every step adds little, would stand still.
    @Test func runningStatisticsAreNotRounded() throws {
        let rounded = try outcomes(ranks: 2, shards: 2, reduction: .bfloat16)[0]
        let statistics = rounded.weights.filter { $0.key.hasPrefix("norm.running") }
        #expect(statistics.count == 2)
        for bits in statistics.values { #expect(bits.contains { $0 & 0xFFFF != 0 }) }
    }

    @Test func oneShardIsTrainingWithoutShards() throws {
        #expect(try outcomes(ranks: 1, shards: 1)[0] == TinyTraining().run())
    }

    @Test func fastReductionDiffersByRounding() throws {
        let ordered = try outcomes(ranks: 1, shards: 6)[0]
        for fast in try outcomes(ranks: 3, shards: 6, reduction: .fast) {
            for (name, bits) in fast.weights {
                let known = try #require(ordered.weights[name])
                for (a, b) in zip(bits, known) {
                    #expect(abs(Float(bitPattern: a) - Float(bitPattern: b)) < 1e-3, "\(name)")
                }
            }
        }
    }

    /// Without dropout and batch statistics, the mean over shards is that over the batch.
    @Test func shardsAverageToTheBatch() throws {
        func weights(shards: Int) throws -> [Float] {
            let data = ExampleCache(
                examples: (0..<6).map { Example(input: .sample([5], seed: $0), labels: Tensor(Int32($0 % 3))) },
                names: (0..<6).map { "\($0)" }, expectation: Expectation(shape: [5], classes: 3))
            var model = Model(
                Initialization.seeded(1) { LinearNetwork() }, loss: .softmaxCrossEntropy, optimizer: .sgd(rate: 0.5))
            try model.fit(
                BatchLoader(data, batchSize: 5, shuffles: false), epochs: 2, sharding: Sharding(shards: shards))
            return model.network.head.weight.stored.scalars
        }
        let whole = try weights(shards: 1)
        for shards in 2...6 {
            for (a, b) in zip(try weights(shards: shards), whole) { #expect(abs(a - b) < 1e-6, "\(shards) shards") }
        }
    }

    @Test func shardsMustBeSharedEvenly() {
        for result in ThreadJob.run(2, { try TinyTraining().run() }) {
            #expect { try result.get() } throws: { "\($0)".contains("2 processes cannot share 1 shard evenly") }
        }
    }

    // MARK: Rank 0

    @Test func onlyRankZeroCallsCallbacks() throws {
        let ranks = Mutex<[Int]>([])
        let outcomes = try outcomes(
            ranks: 2, shards: 2,
            training: TinyTraining(
                epochs: 3,
                callbacks: [
                    Callback(
                        afterBatch: { _ in ranks.withLock { $0.append(1) } }, measure: { _ in ["value": 5] },
                        afterEpoch: { $0.state.epoch == 2 ? .stop : .continue })
                ]))
        #expect(ranks.withLock(\.count) == 2 * TinyTraining.batchesPerEpoch)
        for outcome in outcomes {
            #expect(outcome.losses.count == 2)
            #expect(outcome.validation.allSatisfy { $0["value"] == 5 })
        }
    }

    @Test func anErrorOfACallbackEndsAllRanks() {
        let training = TinyTraining(
            callbacks: [Callback(afterEpoch: { _ in throw Interruption() })], sharding: Sharding(shards: 2))
        for result in ThreadJob.run(2, { try training.run() }) {
            #expect(throws: (any Error).self) { try result.get() }
        }
    }

    // MARK: Failures

    @Test func aLossThatIsNoNumberEndsAllRanks() {
        let results = ThreadJob.run(2) {
            var model = TinyTraining.model()
            let loss = Loss("broken") { logits, batch in
                softmaxCrossEntropy(logits, batch.labels) * (batch.names.contains("image 2") ? .nan : 1)
            }
            model = Model(model.network, loss: loss, optimizer: model.optimizer)
            try model.fit(
                BatchLoader(TinyTraining.data(), batchSize: 4, shuffles: false), epochs: 1,
                sharding: Sharding(shards: 2))
        }
        let sentence = "Rank 0: The loss is not a number at step 1, on samples image 0, image 2…"
        for result in results {
            #expect { try result.get() } throws: { "\($0)".hasPrefix(sentence) }
        }
    }

    @Test func aSampleThatCannotBeMadeEndsAllRanks() {
        let results = ThreadJob.run(2) {
            var model = TinyTraining.model()
            let data = TinyTraining.data()
            let loader = BatchLoader(
                widths: data.examples.map(\.input.shape[1]), batchSize: 4, shuffles: false, name: { data.names[$0] },
                example: { index, _ in
                    if index == 5 { throw Interruption() }
                    return data.examples[index]
                })
            try model.fit(loader, epochs: 1, sharding: Sharding(shards: 2))
        }
        for result in results { #expect { try result.get() } throws: { "\($0)" == "Rank 1: Interruption()" } }
    }

    // MARK: Resumption

    /// Interrupted on one rank, resumed on another number of ranks.
    @Test(arguments: 1...2 * TinyTraining.batchesPerEpoch) func interruptedTrainingResumesOnOtherRanks(after count: Int)
        throws
    {
        let folder = try TemporaryFolder()
        let asked = Mutex([Int](repeating: 0, count: 4))
        let interruption = Callback.interruption {
            asked.withLock {
                $0[Job.communicator.rank] += 1
                return Job.communicator.rank == 1 && $0[1] == count
            }
        }
        var training = TinyTraining(callbacks: [.checkpoints(in: folder.path), interruption])
        training.sharding = Sharding(shards: 4)
        for result in ThreadJob.run(4, { [training] in try training.run() }) {
            #expect(throws: TrainingInterruption.self) { try result.get() }
        }
        let checkpoint = try Checkpoint(contentsOf: folder.file(Checkpoint.lastName))
        #expect(checkpoint.state.epoch * TinyTraining.batchesPerEpoch + checkpoint.state.batch == count)
        let whole = try outcomes(ranks: 1, shards: 4)[0]
        for ranks in [1, 2] {
            #expect(try outcomes(ranks: ranks, shards: 4, from: checkpoint).allSatisfy { $0 == whole })
        }
    }

    /// What another rank than the first starts from does not matter.
    @Test func ranksStartFromTheWeightsOfRankZero() throws {
        let outcomes = try ThreadJob.run(2) {
            var model = TinyTraining.model()
            if !Job.communicator.isFirst {
                model = Model(TinyNetwork(), loss: model.loss, optimizer: model.optimizer)
            }
            let history = try model.fit(
                BatchLoader(TinyTraining.data(), batchSize: 4, shuffles: true), epochs: 1, sharding: Sharding(shards: 2)
            )
            return Outcome(model.network, history)
        }.map { try $0.get() }
        #expect(outcomes[0] == outcomes[1])
    }
}

/// A network without dropout and batch statistics.
private struct LinearNetwork: Network {
    let head = Dense(5, 3)

    func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { head(x) }
}
