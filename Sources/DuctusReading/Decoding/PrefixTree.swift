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
    }

    private var nodes = [Node()]
    private var children: [Int: Int] = [:]
    private let classes: Int
    private let prior: LanguagePrior?

    init(classes: Int, prior: LanguagePrior?) {
        (self.classes, self.prior) = (classes, prior)
        if let prior { nodes[0].state = prior.model.lineStart }
    }

    func parent(of node: Int) -> Int { nodes[node].parent }
    func factor(of node: Int) -> Double { nodes[node].factor }
    func logPrior(of node: Int) -> Double { nodes[node].logPrior }

    /// The last class of a prefix; nil for the empty one.
    func label(of node: Int) -> Int? { node == 0 ? nil : nodes[node].label }

    func child(of node: Int, _ label: Int) -> Int? { children[node * classes + label] }

    mutating func addChild(of node: Int, _ label: Int) -> Int {
        if let child = child(of: node, label) { return child }
        var child = Node(parent: node, label: label)
        if let prior {
            let (logFactor, next) = prior.extending(nodes[node].state, by: label)
            (child.state, child.factor) = (next, exponential(logFactor))
            child.logPrior = nodes[node].logPrior + logFactor
        }
        nodes.append(child)
        children[node * classes + label] = nodes.count - 1
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
