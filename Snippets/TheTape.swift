//! Gradients of tensors and of parameters, and where they stop.

// snippet.hide
import DuctusAutograd

// snippet.show
// snippet.inputs
let x: Tensor<Float> = [[1, 2], [3, 4]]
let w: Tensor<Float> = [[0.5], [-1]]

let (value, gradients) = valueAndGradient(at: [x, w]) { inputs in
    inputs[0].matmul(inputs[1]).squared().sum()
}
print(value.item())  // 8.5
print(gradients[1].shape)  // [2, 1]
// snippet.end

// snippet.parameters
let weight = Parameter([[0.5], [-1]])

let (loss, byParameter) = valueAndGradient(of: [weight]) {
    x.matmul(weight.value).squared().sum()
}
if let gradient = byParameter[weight] {
    weight.stored = weight.stored - gradient * 0.01
}
// snippet.end

// snippet.detached
let (_, none) = valueAndGradient(at: [x]) { inputs in
    let scale = inputs[0].max().detached()  // counted as a number, not as a function of x
    return (inputs[0] / scale).sum()
}
// snippet.end
print(loss, none)
