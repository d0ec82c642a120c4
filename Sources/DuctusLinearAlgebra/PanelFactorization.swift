/// Factors a matrix by panels of columns, from left to right.
///
/// While one thread updates and factors the next panel, the others update the columns after it (look-ahead). The split
/// depends only on the extents, so results do not depend on the number of threads.
///
/// - Parameters:
///   - order: the number of columns to factor.
///   - columns: the number of columns of the matrix.
///   - width: the number of columns of a panel.
///   - factor: factors a panel whose columns are up to date.
///   - update: applies a factored panel to columns to its right.
func factorPanels(
    _ order: Int, columns: Int, width: Int, factor: (_ panel: Range<Int>) -> Void,
    update: (_ panel: Range<Int>, _ columns: Range<Int>) -> Void
) {
    func panel(at first: Int) -> Range<Int> { first..<Swift.max(first, Swift.min(first + width, order)) }
    factor(panel(at: 0))
    for first in stride(from: 0, to: order, by: width) {
        let current = panel(at: first)
        let next = panel(at: current.upperBound)
        let rest = columns - next.upperBound
        let block = 128
        parallel(1 + (rest + block - 1) / block) { task in
            if task > 0 {
                let start = next.upperBound + (task - 1) * block
                update(current, start..<Swift.min(start + block, columns))
            } else if !next.isEmpty {
                update(current, next)
                factor(next)
            }
        }
    }
}
