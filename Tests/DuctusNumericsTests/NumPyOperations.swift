import DuctusAutograd
import DuctusLinearAlgebra

extension NumPyCase {
    /// The results of Ductus.
    func results() throws -> [AnyTensor] {
        let found: [AnyTensor]? =
            switch type {
            case "Float": try floating(Float.self)
            case "Double": try floating(Double.self)
            case "Int32": try integers(Int32.self)
            case "UInt8": try integers(UInt8.self)
            case "Bool": try truths() ?? anything(Bool.self)
            default: nil
            }
        guard let found else { throw CaseError("\(self): nothing is called so") }
        return found
    }

    private func floating<Scalar: FloatingScalar>(_ type: Scalar.Type) throws -> [AnyTensor]? {
        try unary(type) ?? arithmetic(type) ?? reduction(type) ?? product(type) ?? linearAlgebra(type)
            ?? ordering(type) ?? anything(type)
    }

    private func integers<Scalar: IntegerScalar>(_ type: Scalar.Type) throws -> [AnyTensor]? {
        try integerArithmetic(type) ?? ordering(type) ?? anything(type)
    }

    // MARK: Elementwise

    private func unary<Scalar: FloatingScalar>(_ type: Scalar.Type) throws -> [AnyTensor]? {
        guard inputs.count == 1, let x = try? input(0, as: type) else { return nil }
        let result: Tensor<Scalar>? =
            switch operation {
            case "exp": x.exp()
            case "exp2": x.exp2()
            case "expm1": x.expm1()
            case "log": x.log()
            case "log2": x.log2()
            case "log10": x.log10()
            case "log1p": x.log1p()
            case "sin": x.sin()
            case "cos": x.cos()
            case "tan": x.tan()
            case "asin": x.asin()
            case "acos": x.acos()
            case "atan": x.atan()
            case "sinh": x.sinh()
            case "cosh": x.cosh()
            case "tanh": x.tanh()
            case "asinh": x.asinh()
            case "acosh": x.acosh()
            case "atanh": x.atanh()
            case "erf": x.erf()
            case "sigmoid": x.sigmoid()
            case "squareRoot": x.squareRoot()
            case "cubeRoot": x.cubeRoot()
            case "reciprocal": x.reciprocal()
            case "squared": x.squared()
            case "sign": x.sign()
            case "floor": x.floor()
            case "ceil": x.ceil()
            case "rounded": x.rounded()
            case "truncated": x.truncated()
            case "magnitude": x.magnitude()
            case "negated": -x
            case "power": x.power(Scalar(try number("exponent")))
            case "clipped": x.clipped(to: -0.5...1)
            case "softmax": x.softmax(axis: try integer("axis"))
            case "logSoftmax": x.logSoftmax(axis: try integer("axis"))
            default: nil
            }
        if let result { return try [AnyTensor(result)] }
        let truth: Tensor<Bool>? =
            switch operation {
            case "isNaN": x.isNaN()
            case "isFinite": x.isFinite()
            case "isInfinite": x.isInfinite()
            default: nil
            }
        return try truth.map { try [AnyTensor($0)] }
    }

    private func arithmetic<Scalar: FloatingScalar>(_ type: Scalar.Type) throws -> [AnyTensor]? {
        guard inputs.count == 2, let a = try? input(0, as: type), let b = try? input(1, as: type) else { return nil }
        let result: Tensor<Scalar>? =
            switch operation {
            case "add": a + b
            case "subtract": a - b
            case "multiply": a * b
            case "divide": a / b
            case "maximum": Tensor.maximum(a, b)
            case "minimum": Tensor.minimum(a, b)
            case "powerOf": a.power(b)
            case "atan2": atan2(a, b)
            case "hypot": hypot(a, b)
            case "modulo": a.modulo(b)
            case "floorDivided": a.floorDivided(by: b)
            case "logAddExp": logAddExp(a, b)
            default: nil
            }
        if let result { return try [AnyTensor(result)] }
        return operation == "isClose" ? [.bool(a.isClose(to: b))] : nil
    }

    private func integerArithmetic<Scalar: IntegerScalar>(_ type: Scalar.Type) throws -> [AnyTensor]? {
        if inputs.count == 2, let a = try? input(0, as: type), let b = try? input(1, as: type) {
            let result: Tensor<Scalar>? =
                switch operation {
                case "add": a + b
                case "subtract": a - b
                case "multiply": a * b
                case "maximum": Tensor.maximum(a, b)
                case "minimum": Tensor.minimum(a, b)
                default: nil
                }
            return try result.map { try [AnyTensor($0)] }
        }
        guard inputs.count == 1, let x = try? input(0, as: type) else { return nil }
        let keeps = flag("keeps")
        switch operation {
        case "reduce.sum": return [.int32(x.sum(axes: axes, keepingDimensions: keeps))]
        case "reduce.minimum": return try [AnyTensor(x.min(axes: axes, keepingDimensions: keeps))]
        case "reduce.maximum": return try [AnyTensor(x.max(axes: axes, keepingDimensions: keeps))]
        case "argmax": return [.int32(x.argmax(axis: try integer("axis")))]
        case "argmin": return [.int32(x.argmin(axis: try integer("axis")))]
        case "bincount": return [.int32(try input(0, as: Int32.self).bincount(minimumLength: 12))]
        default: return nil
        }
    }

    private func truths() throws -> [AnyTensor]? {
        if inputs.count == 2, let a = try? input(0, as: Bool.self), let b = try? input(1, as: Bool.self) {
            switch operation {
            case "and": return [.bool(a .& b)]
            case "or": return [.bool(a .| b)]
            case "exclusiveOr": return [.bool(a .^ b)]
            default: return nil
            }
        }
        guard inputs.count == 1, let x = try? input(0, as: Bool.self) else { return nil }
        let keeps = flag("keeps")
        switch operation {
        case "not": return [.bool(.!x)]
        case "reduce.sum": return [.int32(x.sum(axes: axes, keepingDimensions: keeps))]
        case "reduce.any": return [.bool(x.any(axes: axes, keepingDimensions: keeps))]
        case "reduce.all": return [.bool(x.all(axes: axes, keepingDimensions: keeps))]
        case "nonzeroIndices": return [.int32(x.nonzeroIndices())]
        default: return nil
        }
    }

    // MARK: Reductions

    private func reduction<Scalar: FloatingScalar>(_ type: Scalar.Type) throws -> [AnyTensor]? {
        guard inputs.count == 1, let x = try? input(0, as: type) else { return nil }
        let keeps = flag("keeps")
        let result: Tensor<Scalar>? =
            switch operation {
            case "reduce.sum": x.sum(axes: axes, keepingDimensions: keeps)
            case "reduce.mean": x.mean(axes: axes, keepingDimensions: keeps)
            case "reduce.product": x.product(axes: axes, keepingDimensions: keeps)
            case "reduce.minimum": x.min(axes: axes, keepingDimensions: keeps)
            case "reduce.maximum": x.max(axes: axes, keepingDimensions: keeps)
            case "reduce.variance": x.variance(axes: axes, keepingDimensions: keeps)
            case "reduce.standardDeviation": x.standardDeviation(axes: axes, keepingDimensions: keeps)
            case "reduce.norm1": x.norm(1, axes: axes, keepingDimensions: keeps)
            case "reduce.norm2": x.norm(axes: axes, keepingDimensions: keeps)
            case "reduce.norm3": x.norm(3, axes: axes, keepingDimensions: keeps)
            case "reduce.normInfinity": x.norm(.infinity, axes: axes, keepingDimensions: keeps)
            case "reduce.logSumExp": x.logSumExp(axes: axes, keepingDimensions: keeps)
            case "reduce.median": x.median(axes: axes, keepingDimensions: keeps)
            case "reduce.quantile": x.quantile(0.3, axes: axes, keepingDimensions: keeps)
            case "varianceUnbiased": x.variance(axes: [0], correction: 1)
            case "cumulativeSum": x.cumulativeSum(axis: try integer("axis"))
            case "cumulativeProduct": x.cumulativeProduct(axis: try integer("axis"))
            case "difference": x.difference(axis: try integer("axis"))
            default: nil
            }
        if let result { return try [AnyTensor(result)] }
        switch operation {
        case "argmax": return [.int32(x.argmax(axis: try integer("axis")))]
        case "argmin": return [.int32(x.argmin(axis: try integer("axis")))]
        case "histogram": return [.int32(x.histogram(bins: try integer("bins"), range: -1.5...2).counts)]
        default: return nil
        }
    }

    // MARK: Order

    private func ordering<Scalar: NumericScalar>(_ type: Scalar.Type) throws -> [AnyTensor]? {
        if inputs.count == 2, let a = try? input(0, as: type), let b = try? input(1, as: type) {
            switch operation {
            case "less": return [.bool(a .< b)]
            case "lessOrEqual": return [.bool(a .<= b)]
            case "greater": return [.bool(a .> b)]
            case "greaterOrEqual": return [.bool(a .>= b)]
            case "searchSorted":
                return [.int32(a.searchSorted(b, side: try text("side") == "left" ? .left : .right))]
            default: return nil
            }
        }
        guard inputs.count == 1, let x = try? input(0, as: type) else { return nil }
        switch operation {
        case "sorted": return try [AnyTensor(x.sorted(axis: integer("axis")))]
        case "argsort": return [.int32(x.argsort(axis: try integer("axis")))]
        case "topK": return try [AnyTensor(x.topK(integer("count")).values)]
        case "lowerTriangle": return try [AnyTensor(x.lowerTriangle(diagonal: integer("offset")))]
        case "upperTriangle": return try [AnyTensor(x.upperTriangle(diagonal: integer("offset")))]
        case "unique":
            let (values, first, inverse, counts) = x.unique()
            return try [AnyTensor(values), .int32(first), .int32(inverse.flattened()), .int32(counts)]
        default: return nil
        }
    }

    // MARK: Shapes and indexing

    private func anything<Scalar: TensorScalar>(_ type: Scalar.Type) throws -> [AnyTensor]? {
        if let created = try creation(type) { return created }
        let x = operation == "replacing" ? try input(1, as: type) : try input(0, as: type)
        switch operation {
        case "equal": return [.bool(x .== (try input(1)))]
        case "notEqual": return [.bool(x .!= (try input(1)))]
        case "cast": return [try cast(x)]
        case "split": return try x.split(into: integer("parts"), axis: integer("axis")).map { try AnyTensor($0) }
        default: return try rearranged(x).map { try [AnyTensor($0)] }
        }
    }

    private func rearranged<Scalar: TensorScalar>(_ x: Tensor<Scalar>) throws -> Tensor<Scalar>? {
        switch operation {
        case "replacing": return x.replacing(with: try input(2), where: try input(0))
        case "reshaped": return x.reshaped(to: Shape(try integers("shape")))
        case "permuted": return x.permuted(try integers("axes"))
        case "movingAxis": return x.movingAxis(from: try integer("axis"), to: try integer("to"))
        case "concatenated": return Tensor.concatenated([x, try input(1)], axis: try integer("axis"))
        case "stacked": return Tensor.stacked([x, try input(1)], axis: try integer("axis"))
        case "tiled": return x.tiled(try integers("counts"))
        case "repeated": return x.repeated(try integer("count"), axis: try integer("axis"))
        case "flipped": return x.flipped(axes: try integers("axes"))
        case "rolled": return x.rolled(by: try integer("shift"), axis: try integer("axis"))
        case "diagonal": return x.diagonal(offset: try integer("offset"))
        case "padded": return try padded(x)
        case "sliced": return x.selecting(try selections())
        case "gathered": return x.gathered(at: try input(1), axis: try integer("axis"))
        case "gatheredAlong": return x.gatheredAlong(try input(1), axis: try integer("axis"))
        case "masked": return x[try input(1, as: Bool.self)]
        case "maskedAssignment":
            var changed = x
            changed[try input(1, as: Bool.self)] = try input(2)
            return changed
        case "assigned":
            var changed = x
            changed.assign(try input(1), at: try selections())
            return changed
        default: return nil
        }
    }

    private func creation<Scalar: TensorScalar>(_ type: Scalar.Type) throws -> [AnyTensor]? {
        guard inputs.isEmpty else { return nil }
        func make<Number: FloatingScalar>(_ type: Number.Type) throws -> Tensor<Number>? {
            switch operation {
            case "eye":
                .eye(try integer("rows"), columns: try integer("columns"), diagonal: try integer("diagonal"))
            case "arange":
                .arange(Number(try number("start")), Number(try number("end")), step: Number(try number("step")))
            case "linspace":
                .linspace(Number(try number("start")), Number(try number("end")), count: try integer("count"))
            default: nil
            }
        }
        if type == Float.self { return try make(Float.self).map { try [AnyTensor($0)] } }
        return try make(Double.self).map { try [AnyTensor($0)] }
    }

    private func cast<Scalar: TensorScalar>(_ x: Tensor<Scalar>) throws -> AnyTensor {
        switch try text("to") {
        case "Float": .float(Tensor(x))
        case "Double": .double(Tensor(x))
        case "Int32": .int32(Tensor(x))
        case "UInt8": .uint8(Tensor(x))
        default: .bool(Tensor(x))
        }
    }

    /// An index in the notation of the script: `2,1:5:2`, with `new` for a new axis and `...` for all remaining axes.
    private func selections() throws -> [AxisSelection] {
        try text("index").split(separator: ",").map { part in
            if part == "new" { return .expansion }
            if part == "..." { return .ellipsis }
            if let position = Int(part) { return .position(position) }
            let ends = part.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
            return .steps(from: ends[0], to: ends[1], by: ends.count > 2 ? ends[2] ?? 1 : 1)
        }
    }

    private func padded<Scalar: TensorScalar>(_ x: Tensor<Scalar>) throws -> Tensor<Scalar> {
        let amounts = [(1, 2), (0, 3)]
        switch try text("mode") {
        case "edge": return x.padded(amounts, mode: .edge)
        case "reflect": return x.padded(amounts, mode: .reflect)
        default: return x.padded(amounts, mode: .constant(Tensor(Tensor<UInt8>(0)).item()))
        }
    }
}
