// NumPy-style indexing; `TensorIndex` lists the kinds of indices. One number for each axis gives a single element (see
// Tensor.swift).
extension Tensor {
    /// The elements selected by one index per axis, starting from the first; remaining axes are taken whole.
    ///
    /// Numbers, ranges and strides give a view that shares memory. Position tensors and masks copy. Several of them
    /// broadcast together and are paired up, and their axes come first if other indices separate them, as in NumPy.
    ///
    /// ```swift
    /// let x = Tensor<Int32>.arange(12).reshaped(to: [3, 4])
    /// x[1, ...]                              // [4 5 6 7]
    /// x[..., 0]                              // [0 4 8]
    /// x[0..<2, .strided(by: -2)]              // [[3 1] [7 5]]
    /// x[[2, 0], [1, 3]]                      // [9 3]
    /// x[Tensor([true, false, true]), 1...2]  // [[ 1  2] [ 9 10]]
    /// ```
    ///
    /// Assignment broadcasts the new value and never changes another tensor. It is differentiable with respect to both,
    /// except for position tensors, which may repeat positions; see ``scatteringAdd(_:at:axis:)``.
    ///
    /// ```swift
    /// var y = x
    /// y[0, ...] = 7
    /// y[..., 1..<3] = [0, 1]                 // [[ 7  0  1  7] [ 4  0  1  7] [ 8  0  1 11]]
    /// ```
    public subscript(indices: any TensorIndex...) -> Tensor {
        get { selecting(indices.map(\.axisSelection)) }
        set { assign(newValue, at: indices.map(\.axisSelection)) }
    }

    /// The elements selected by indices of the last axes.
    public subscript(ellipsis: UnboundedRange, indices: any TensorIndex...) -> Tensor {
        get { selecting([.ellipsis] + indices.map(\.axisSelection)) }
        set { assign(newValue, at: [.ellipsis] + indices.map(\.axisSelection)) }
    }

    /// The elements selected by an index of the first axis and indices of the last ones.
    public subscript(
        first: any TensorIndex, ellipsis: UnboundedRange, indices: any TensorIndex...
    ) -> Tensor {
        get { selecting([first.axisSelection, .ellipsis] + indices.map(\.axisSelection)) }
        set { assign(newValue, at: [first.axisSelection, .ellipsis] + indices.map(\.axisSelection)) }
    }

    /// The elements selected by indices of the first two axes and of the last ones.
    public subscript(
        first: any TensorIndex, second: any TensorIndex, ellipsis: UnboundedRange, indices: any TensorIndex...
    ) -> Tensor {
        get { selecting([first.axisSelection, second.axisSelection, .ellipsis] + indices.map(\.axisSelection)) }
        set {
            assign(
                newValue, at: [first.axisSelection, second.axisSelection, .ellipsis] + indices.map(\.axisSelection))
        }
    }

    package func selecting(_ indices: [AxisSelection]) -> Tensor {
        let selection = Selection(indices, of: shape)
        var view = self
        if !selection.isWhole {
            let original = shape
            view = selection.view(of: self).recorded(from: self) { gradient in
                let result = Tensor(zeros: original)
                selection.view(of: result).overwrite(with: gradient)
                return result
            }
        }
        guard let gathering = selection.gathering else { return view }
        return gathering.arranged(view).gathered(gathering.positions, axes: gathering.axes)
    }
}

// MARK: - Assignment

extension Tensor {
    /// A tensor of zeros of any element type; `false` for Bool.
    init(zeros shape: Shape) { self.init(shape: shape) { $0.zero() } }

    package mutating func assign(_ value: Tensor, at indices: [AxisSelection]) {
        let selection = Selection(indices, of: shape)
        if isRecorded || value.isRecorded {
            self = assigning(value, at: indices)
        } else if let gathering = selection.gathering {
            if selection.isWhole, gathering.order == nil {
                scatter(value, at: gathering.positions, axes: gathering.axes, adding: false)
            } else {
                var part = gathering.arranged(selection.view(of: self))
                part.scatter(value, at: gathering.positions, axes: gathering.axes, adding: false)
                makeWritable()
                gathering.arranged(selection.view(of: self)).overwrite(with: part)
            }
        } else {
            makeWritable()
            selection.view(of: self).overwrite(with: value)
        }
    }

    private func assigning(_ value: Tensor, at indices: [AxisSelection]) -> Tensor {
        precondition(
            !indices.contains { if case .positions = $0 { true } else { false } },
            "Assignment at positions, which may repeat, has no gradient; use scatteringAdd.")
        let shape = value.shape
        let (needsOld, needsNew) = (isRecorded, value.isRecorded)
        return Tensor.operation(of: [self, value]) {
            var result = detached()
            result.assign(value.detached(), at: indices)
            return result.recorded(inputs: [self, value]) { gradient in
                var kept = gradient
                if needsOld { kept.assign(Tensor(zeros: []), at: indices) }
                return [
                    needsOld ? kept : nil, needsNew ? gradient.selecting(indices).unbroadcast(to: shape) : nil,
                ]
            }
        }
    }
}
