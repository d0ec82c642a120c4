import Ductus

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Read {
    /// What a rank has read from a file.
    private struct FileResult: Codable {
        var pages: [Page] = []
        var failures = 0
    }

    /// Reads the files on all ranks, as rank 0 hands them out. Every rank writes its pages to an output directory; what goes
    /// to a single file or to standard output is written by rank 0, in the order of the inputs.
    ///
    /// - Parameters:
    ///   - inputs: the files.
    ///   - result: the output.
    ///   - malformed: the number of failures so far.
    ///   - read: reads a page, if it can, and counts the failures.
    /// - Returns: the number of files and pages that could not be read, on all ranks.
    func readTogether(
        _ inputs: InputImages, _ result: inout PageOutput, malformed: Int,
        read: (InputImages.Page) throws -> (page: Page?, failures: Int)
    ) throws -> Int {
        guard !format.embedsImages || result.isDirectory else {
            throw UsageError("With several processes, the format \(format.name) requires a directory as --output.")
        }
        var output = result
        var (failures, isFirst) = (malformed, true)
        try Job.communicator.handOut(inputs.paths.count) { number in
            var file = FileResult()
            var missing = 0
            file.failures = try inputs.forEachPage(of: [inputs.paths[number]]) {
                isDone($0, $1, of: $2, in: output)
            } willRead: { _, count in
                try checkCount(count, output)
            } _: { input in
                let (page, failed) = try read(input)
                missing += failed
                guard let page else { return }
                if output.isDirectory { try output.add(page, of: input, in: inputs) } else { file.pages.append(page) }
            }
            file.failures += missing
            return Array(try JSONEncoder().encode(file))
        } inOrder: { number, bytes in
            let file = try JSONDecoder().decode(FileResult.self, from: Data(bytes))
            failures += file.failures
            for page in file.pages {
                guard output.printsLines else {
                    output.add(page, from: inputs.paths[number])
                    continue
                }
                try printResult((isFirst ? "" : "\u{0C}") + page.lines.map { $0.text + "\n" }.joined())
                isFirst = false
            }
        }
        result = output
        return try Job.communicator.fromFirst { failures }
    }
}
