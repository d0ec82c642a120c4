extension Tensor where Scalar: NumericScalar {
    /// The unique elements in ascending order, the row-major position of the first occurrence and the number of
    /// occurrences of each, and for every element of this tensor the position of its value.
    ///
    /// ```swift
    /// let x: Tensor<Int32> = [3, 1, 3]
    /// let (values, indices, inverse, counts) = x.unique()
    /// print(values, indices, inverse, counts)   // [1 3] [1 0] [1 0 1] [1 2]
    /// ```
    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    public func unique() -> (
        values: Tensor, indices: Tensor<Int32>, inverse: Tensor<Int32>, counts: Tensor<Int32>
    ) {
        let order = detached().reshaped(to: [count]).argsort()
        var (values, indices, counts): ([Scalar], [Int32], [Int32]) = ([], [], [])
        let inverse = Tensor<Int32>(shape: shape) { inverse in
            withPointers(to: self, order) { x, order in
                for i in 0..<count {
                    let position = Int(order[i])
                    let element = x[position]
                    // All NaNs count as one value.
                    if let last = values.last, last == element || last != last && element != element {
                        counts[counts.count - 1] += 1
                    } else {
                        values.append(element)
                        indices.append(order[i])
                        counts.append(1)
                    }
                    inverse[position] = Int32(values.count - 1)
                }
            }
        }
        return (Tensor(values), Tensor<Int32>(indices), inverse, Tensor<Int32>(counts))
    }

    /// The positions at which inserting `values` keeps this ascending vector sorted, before or after equal elements.
    ///
    /// ```swift
    /// let edges: Tensor<Float> = [1, 2, 3]
    /// edges.searchSorted([0, 2, 9])   // [0 1 3]
    /// ```
    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    public func searchSorted(_ values: Tensor, side: SearchSide = .left) -> Tensor<Int32> {
        precondition(rank == 1, "searchSorted needs a vector to search; got shape \(shape).")
        return Tensor<Int32>(shape: values.shape) { out in
            withPointers(to: self, values) { x, values in
                parallelRanges(out.count, grain: 1 << 12) {
                    for i in $0 {
                        let value = values[i]
                        var (low, high) = (0, count)
                        while low < high {
                            let middle = (low + high) / 2
                            let element = x[middle]
                            // NaN sorts after all numbers.
                            let isBefore =
                                side == .left
                                ? element < value || value != value && element == element
                                : !(value < element || element != element && value == value)
                            if isBefore { low = middle + 1 } else { high = middle }
                        }
                        out[i] = Int32(low)
                    }
                }
            }
        }
    }
}

/// The side of equal elements on which a value is inserted.
public enum SearchSide: Sendable {
    /// Before equal elements: NumPy's `left`.
    case left
    /// After equal elements: NumPy's `right`.
    case right
}
