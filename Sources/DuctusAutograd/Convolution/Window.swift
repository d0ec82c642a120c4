import CDuctusKernels

/// Zero padding around an image.
public enum Padding: Sendable, Hashable {
    /// None: the window stays inside the image.
    case valid
    /// As much as yields ⌈size / stride⌉ positions; an odd row or column goes to the bottom or the right.
    case same
    /// `vertical` rows above and below, `horizontal` columns left and right.
    case zeros(vertical: Int, horizontal: Int)

    /// `amount` on every side.
    public static func zeros(_ amount: Int) -> Padding { .zeros(vertical: amount, horizontal: amount) }
}

/// A pair of whole numbers for height and width: sizes, strides, dilations. An integer literal stands for both.
///
/// ```swift
/// Conv2D(1, 32, kernelSize: IntPair(3, 5), stride: 2)
/// ```
public struct IntPair: Sendable, Hashable, ExpressibleByIntegerLiteral {
    /// Rows.
    public var height: Int
    /// Columns.
    public var width: Int

    /// Height first, as in shapes.
    public init(_ height: Int, _ width: Int) { (self.height, self.width) = (height, width) }
    public init(integerLiteral value: Int) { self.init(value, value) }

    /// Traps unless both are at least 1.
    package func checkIsPositive(_ name: String, of layer: String) {
        precondition(
            height > 0 && width > 0, "\(layer): \(name) is \(height) × \(width); both must be at least 1.")
    }
}

/// The former name of ``IntPair``.
@available(*, deprecated, renamed: "IntPair")
public typealias Extent = IntPair

/// The geometry of a kernel that slides over an NHWC image.
struct Window {
    let input: IntPair
    var channels: Int
    let kernel: IntPair
    let stride: IntPair
    let dilation: IntPair
    let top: Int, bottom: Int, left: Int, right: Int
    let output: IntPair

    init(
        input: IntPair, channels: Int, kernel: IntPair, stride: IntPair, padding: Padding, dilation: IntPair
    ) {
        Self.check(kernel: kernel, stride: stride, padding: padding, dilation: dilation)
        func sides(_ size: Int, _ kernel: Int, _ stride: Int, _ dilation: Int, _ given: Int) -> (Int, Int) {
            guard padding == .same else { return (given, given) }
            let positions = (size + stride - 1) / stride
            let total = max((positions - 1) * stride + (kernel - 1) * dilation + 1 - size, 0)
            return (total / 2, total - total / 2)
        }
        var given = IntPair(0, 0)
        if case .zeros(let vertical, let horizontal) = padding { given = IntPair(vertical, horizontal) }
        (top, bottom) = sides(input.height, kernel.height, stride.height, dilation.height, given.height)
        (left, right) = sides(input.width, kernel.width, stride.width, dilation.width, given.width)
        output = IntPair(
            (input.height + top + bottom - dilation.height * (kernel.height - 1) - 1) / stride.height + 1,
            (input.width + left + right - dilation.width * (kernel.width - 1) - 1) / stride.width + 1)
        (self.input, self.channels, self.kernel) = (input, channels, kernel)
        (self.stride, self.dilation) = (stride, dilation)
    }

    /// Traps unless all are positive, the padding may be 0, and products of two do not overflow.
    static func check(kernel: IntPair, stride: IntPair, padding: Padding, dilation: IntPair) {
        let largest = Int(Int32.max)
        func check(_ name: String, _ height: Int, _ width: Int, from least: Int) {
            precondition(
                height >= least && width >= least,
                "A \(name) \(height) × \(width) is impossible; both must be at least \(least).")
            precondition(
                height <= largest && width <= largest,
                "A \(name) \(height) × \(width) is impossible; both must be at most \(largest).")
        }
        for (name, pair) in [("kernel", kernel), ("stride", stride), ("dilation", dilation)] {
            check("window of \(name)", pair.height, pair.width, from: 1)
        }
        if case .zeros(let vertical, let horizontal) = padding { check("padding of", vertical, horizontal, from: 0) }
    }

    /// A window of stride 1 with explicit padding.
    init(
        input: IntPair, channels: Int, kernel: IntPair, dilation: IntPair, top: Int, bottom: Int, left: Int, right: Int
    ) {
        (self.input, self.channels, self.kernel) = (input, channels, kernel)
        (stride, self.dilation) = (1, dilation)
        (self.top, self.bottom, self.left, self.right) = (top, bottom, left, right)
        output = IntPair(
            input.height + top + bottom - dilation.height * (kernel.height - 1),
            input.width + left + right - dilation.width * (kernel.width - 1))
    }

    /// Whether the kernel fits at least once.
    var fits: Bool {
        input.height + top + bottom >= dilation.height * (kernel.height - 1) + 1
            && input.width + left + right >= dilation.width * (kernel.width - 1) + 1
    }

    /// Kernel taps times channels: the terms of each output.
    var reduction: Int { kernel.height * kernel.width * channels }

    var paddedInput: IntPair { IntPair(input.height + top + bottom, input.width + left + right) }

    /// The settings of an operation that slides this window.
    var attributes: [Operation.Attribute] {
        func pair(_ pair: IntPair) -> String { "\(pair.height) × \(pair.width)" }
        return [
            ("kernel", pair(kernel)), ("stride", pair(stride)), ("dilation", pair(dilation)),
            ("padding", "\(top) \(bottom) \(left) \(right)"),
        ]
    }

    var kernelDescription: ductus_window {
        ductus_window(
            in_height: input.height, in_width: input.width, channels: channels, out_height: output.height,
            out_width: output.width, kernel_height: kernel.height, kernel_width: kernel.width,
            stride_height: stride.height, stride_width: stride.width, dilation_height: dilation.height,
            dilation_width: dilation.width, padding_top: top, padding_left: left)
    }
}
