extension LanguageModel {
    /// Where the arrays of the model begin in its file.
    ///
    /// N-grams are the nodes of a tree without its root, breadth first, children in the order of their symbols. Nodes with
    /// children are contexts; they are numbered in the same order, after the root, which is context 0. Therefore the
    /// children of each context follow those of the one before it.
    struct Layout: Sendable {
        let contexts: Int
        let nodes: Int
        /// The first child of every context, and the number of nodes: `UInt32`.
        let firstChildren: Int
        /// The longest proper suffix of every context that is a context: `UInt32`.
        let suffixes: Int
        /// For every word of `isContext`, the number of contexts before it, with the root: `UInt32`.
        let ranks: Int
        /// A bit for every node, 64 in a word: `UInt64`.
        let isContext: Int
        /// The backoff of every context, as a cost: `UInt8`.
        let backoffs: Int
        /// The symbol of every node: `UInt8`.
        let symbols: Int
        /// The cost of every node: `UInt8`.
        let costs: Int
        let end: Int

        init(at start: Int, contexts: Int, nodes: Int) {
            (self.contexts, self.nodes) = (contexts, nodes)
            let words = (nodes + 63) / 64
            isContext = start
            firstChildren = isContext + 8 * words
            suffixes = firstChildren + 4 * (contexts + 1)
            ranks = suffixes + 4 * contexts
            backoffs = ranks + 4 * words
            symbols = backoffs + contexts
            costs = symbols + nodes
            end = costs + nodes
        }
    }

    /// The nodes in the bytes of a file. A cost is −16 ln p.
    struct Nodes {
        private let bytes: UnsafeRawBufferPointer
        private let layout: Layout

        init(_ bytes: UnsafeRawBufferPointer, _ layout: Layout) { (self.bytes, self.layout) = (bytes, layout) }

        private func number(_ array: Int, _ index: Int) -> Int {
            Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: array + 4 * index, as: UInt32.self)))
        }

        private func word(_ index: Int) -> UInt64 {
            UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: layout.isContext + 8 * index, as: UInt64.self))
        }

        func children(of context: Int) -> Range<Int> {
            number(layout.firstChildren, context)..<number(layout.firstChildren, context + 1)
        }

        func suffix(of context: Int) -> Int { number(layout.suffixes, context) }
        func backoff(of context: Int) -> Int { Int(bytes[layout.backoffs + context]) }
        func symbol(of node: Int) -> UInt8 { bytes[layout.symbols + node] }
        func cost(of node: Int) -> Int { Int(bytes[layout.costs + node]) }

        /// The context that a node is; nil if it has no children.
        func context(of node: Int) -> Int? {
            let (word, bit) = (word(node / 64), UInt64(1) << UInt64(node % 64))
            guard word & bit != 0 else { return nil }
            return number(layout.ranks, node / 64) + (word & (bit - 1)).nonzeroBitCount
        }

        /// The child of a context with a symbol, by bisection.
        func child(of context: Int, _ symbol: UInt8) -> Int? {
            let children = children(of: context)
            var (low, high) = (children.lowerBound, children.upperBound)
            while low < high {
                let middle = (low + high) / 2
                if self.symbol(of: middle) < symbol { low = middle + 1 } else { high = middle }
            }
            return low < children.upperBound && self.symbol(of: low) == symbol ? low : nil
        }

        /// The longest context that ends with a symbol, given the node of the symbol in some context.
        func context(after node: Int, _ context: Int, _ symbol: UInt8) -> UInt32 {
            var (node, context) = (Optional(node), context)
            while true {
                if let node, let next = self.context(of: node) { return UInt32(next) }
                guard context > 0 else { return 0 }
                context = suffix(of: context)
                node = child(of: context, symbol)
            }
        }

        /// What is wrong with the arrays, as a clause; nil if every question has an answer within them.
        func problem(alphabet: Int) -> String? {
            var contexts = 1
            for index in 0..<(layout.nodes + 63) / 64 {
                guard number(layout.ranks, index) == contexts else { return "its contexts are not numbered in order" }
                contexts += word(index).nonzeroBitCount
            }
            let unused = UInt64(layout.nodes % 64)
            guard contexts == layout.contexts,
                unused == 0 || word(layout.nodes / 64) >> unused == 0
            else { return "its contexts are not those that it announces" }
            guard number(layout.firstChildren, 0) == 0, number(layout.firstChildren, layout.contexts) == layout.nodes
            else { return "its n-grams are not those that it announces" }
            for context in 0..<layout.contexts {
                guard number(layout.firstChildren, context) <= number(layout.firstChildren, context + 1),
                    number(layout.firstChildren, context + 1) <= layout.nodes
                else { return "its n-grams are not in order" }
                guard context == 0 || suffix(of: context) < context else { return "a context is its own suffix" }
            }
            for node in 0..<layout.nodes where Int(symbol(of: node)) >= alphabet {
                return "n-gram \(node) ends with character \(symbol(of: node)) of \(alphabet)"
            }
            return nil
        }
    }
}
