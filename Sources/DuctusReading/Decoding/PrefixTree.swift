/// The prefixes of texts as nodes of a tree whose root, node 0, is the empty text.
struct PrefixTree {
    private struct Node {
        var parent = -1
        var label = -1
        /// The context of the language model after the prefix.
        var state = LanguageModel.noContext
        /// The factor by which the last class changes the prior, and the logarithm of the prior of the prefix.
        var factor = 1.0
        var logPrior = 0.0
        /// The child that was added last, and the child of the same parent that was added before.
        var lastChild = -1
        var sibling = -1
        /// The place of the prefix among the hypotheses; negative if it is not one.
        var place = -1
    }

    private var nodes = [Node()]
    private let prior: LanguagePrior?

    init(prior: LanguagePrior?) {
        self.prior = prior
        if let prior { nodes[0].state = prior.model.lineStart }
    }

    func parent(of node: Int) -> Int { nodes[node].parent }
    func factor(of node: Int) -> Double { nodes[node].factor }
    func logPrior(of node: Int) -> Double { nodes[node].logPrior }

    /// The last class of a prefix; nil for the empty one.
    func label(of node: Int) -> Int? { node == 0 ? nil : nodes[node].label }

    /// The place of a prefix among the hypotheses; nil if it is not one.
    func place(of node: Int) -> Int? { node >= 0 && nodes[node].place >= 0 ? nodes[node].place : nil }

    mutating func setPlace(of node: Int, _ place: Int?) { nodes[node].place = place ?? -1 }

    /// A prefix has few children: the classes that are likely where it ends.
    func child(of node: Int, _ label: Int) -> Int? {
        var child = nodes[node].lastChild
        while child >= 0, nodes[child].label != label { child = nodes[child].sibling }
        return child >= 0 ? child : nil
    }

    mutating func addChild(of node: Int, _ label: Int) -> Int {
        if let child = child(of: node, label) { return child }
        var child = Node(parent: node, label: label)
        child.sibling = nodes[node].lastChild
        if let prior {
            let (logFactor, next) = prior.extending(nodes[node].state, by: label)
            (child.state, child.factor) = (next, exponential(logFactor))
            child.logPrior = nodes[node].logPrior + logFactor
        }
        nodes.append(child)
        nodes[node].lastChild = nodes.count - 1
        return nodes.count - 1
    }

    func labels(of node: Int) -> [Int32] {
        var (labels, node) = ([Int32](), node)
        while node != 0 {
            labels.append(Int32(nodes[node].label))
            node = nodes[node].parent
        }
        return labels.reversed()
    }
}
