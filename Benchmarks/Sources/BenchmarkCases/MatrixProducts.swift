import Ductus

extension Case {
    static let matrixProducts = squares + shapesOfLayers

    private static let squares = [256, 512, 1024, 2048].map { product("sgemm \($0)", $0, $0, $0) }

    /// Rows, columns and the extent that is summed over, of the products inside convolutions and recurrent layers.
    private static let shapesOfLayers = [
        (64, 50176, 576), (50176, 64, 576), (32, 25088, 288), (25088, 32, 288), (16, 65536, 144), (65536, 16, 144),
        (50176, 32, 9), (32, 512, 128), (512, 64, 512), (1, 512, 512), (1, 1024, 256),
    ].map { product("sgemm \($0)x\($1)x\($2)", $0, $1, $2) }

    private static func product(_ name: String, _ m: Int, _ n: Int, _ k: Int) -> Case {
        Case(name, .flops(2 * Double(m) * Double(n) * Double(k))) {
            let (a, b) = (random([m, k]), random([k, n]))
            return { _ = a.matmul(b) }
        }
    }
}
