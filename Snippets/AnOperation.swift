//! An operation with its own backward, and how it is checked.

// snippet.hide
import DuctusAutograd

// snippet.show
// snippet.operation
/// x σ(x), the sigmoid-weighted linear unit (Elfwing, Uchibe and Doya 2017).
///
/// Its derivative is σ(x) (1 + x (1 − σ(x))).
func swish<Scalar: FloatingScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    let plain = x.detached()
    let sigma = plain.sigmoid()
    return (plain * sigma).recorded(from: x) { gradient in
        gradient * sigma * (plain * (1 - sigma) + 1)
    }
}
// snippet.end

// snippet.check
let points: Tensor<Double> = [[-3, -0.5, 0], [0.1, 1, 4]]
let check = GradientCheck(at: [points]) { swish($0[0]) }
print(check.worst < 1e-7)  // true
// snippet.end
precondition(check.worst < 1e-7)
