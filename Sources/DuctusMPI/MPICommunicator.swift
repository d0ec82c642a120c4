#if MPI
    import CDuctusMPI
    import DuctusModels

    /// The processes that `mpirun` or `srun` has started.
    public struct MPICommunicator: Communicator {
        public let rank: Int
        public let size: Int
        public let ranksOnHost: Int

        /// The other processes of this job, or nil if this process was started on its own, without MPI.
        ///
        /// To be called once, at the start of the program, on all ranks. Unless `DUCTUS_NUM_THREADS` says otherwise, a rank gets
        /// as many threads as it has processors: those that it is bound to, or its share of those of the host.
        ///
        /// A rank that waits for another one longer than `DUCTUS_MPI_TIMEOUT` seconds, 300 by default, ends the job. So does
        /// one that hears nothing of another process for `DUCTUS_MPI_SILENCE` seconds, 10 by default.
        public static func started() -> MPICommunicator? {
            guard launchers.contains(where: { File.environment($0) != nil }) else { return nil }
            ductus_mpi_start(seconds("DUCTUS_MPI_TIMEOUT") ?? 300, seconds("DUCTUS_MPI_SILENCE") ?? 10)
            let communicator = MPICommunicator()
            if let launched, launched != communicator.size {
                report(
                    "ductus: \(launched) processes were started, of which MPI knows \(communicator.size); start them with the "
                        + "mpirun of the library that this program is built with.")
                communicator.abort(status: 1)
            }
            if File.environment("DUCTUS_NUM_THREADS") == nil { Threads.count = communicator.fairThreads }
            return communicator
        }

        private static func seconds(_ variable: String) -> Double? { File.environment(variable).flatMap(Double.init) }

        /// What launchers of MPI programs set: those of Open MPI, PMIx, and MPICH and its relatives.
        private static let launchers = ["OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK", "PMI_SIZE"]

        /// The number of processes that were started, if the launcher says so.
        private static var launched: Int? {
            ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE"].compactMap { File.environment($0) }.compactMap { Int($0) }.first
        }

        private init() {
            rank = Int(ductus_mpi_rank())
            size = Int(ductus_mpi_size())
            ranksOnHost = Int(ductus_mpi_ranks_on_host())
        }

        /// The processors that this rank is bound to, or its share of those that all ranks of the host may use.
        private var fairThreads: Int {
            let (bound, online) = (Int(ductus_mpi_processors()), Machine.processors)
            return bound < online ? bound : max(1, online / ranksOnHost)
        }

        public func broadcast(_ bytes: [UInt8]) -> [UInt8] {
            var count = [UInt8](numbers: [Double(bytes.count)])
            ductus_mpi_broadcast(&count, count.count)
            var received = bytes
            if rank != 0 { received = [UInt8](repeating: 0, count: Int(count.numbers[0])) }
            ductus_mpi_broadcast(&received, received.count)
            return received
        }

        public func gather(_ bytes: [UInt8]) -> [[UInt8]] {
            let counts = gather(
                [UInt8](numbers: [Double(bytes.count)]), counts: [Int](repeating: 8, count: size)
            ).numbers.map { Int($0) }
            var rest = gather(bytes, counts: counts)[...]
            return counts.map { count in
                defer { rest = rest.dropFirst(count) }
                return Array(rest.prefix(count))
            }
        }

        private func gather(_ bytes: [UInt8], counts: [Int]) -> [UInt8] {
            var all = [UInt8](repeating: 0, count: counts.reduce(0, +))
            ductus_mpi_gather(bytes, bytes.count, &all, counts)
            return all
        }

        public func exchange(_ parts: [Tensor<Float>], receiving counts: [Int]) -> [Tensor<Float>] {
            let dense = parts.map { $0.dense() }
            var received = counts.map { Tensor<Float>.zeros([$0]) }
            Tensor.withUnsafeMutablePointers(to: &received) { incoming in
                withExtendedLifetime(dense) {
                    ductus_mpi_exchange(
                        dense.map { Optional($0.base) }, dense.map(\.count), incoming.map { Optional($0) }, counts)
                }
            }
            return received
        }

        public func sum(_ values: Tensor<Float>) -> Tensor<Float> {
            var sums = [values.detached()]
            Tensor.withUnsafeMutablePointers(to: &sums) { ductus_mpi_sum($0[0], values.count) }
            return sums[0]
        }

        public func send(_ bytes: [UInt8], to rank: Int) { ductus_mpi_send(bytes, bytes.count, Int32(rank)) }

        public func receive(from rank: Int?) -> (bytes: [UInt8], rank: Int) {
            var source = Int32(rank ?? -1)
            let count = ductus_mpi_await(&source)
            var bytes = [UInt8](repeating: 0, count: count)
            ductus_mpi_receive(&bytes, count, source)
            return (bytes, Int(source))
        }

        public func abort(status: Int32) -> Never { ductus_mpi_abort(status) }
    }
#endif
