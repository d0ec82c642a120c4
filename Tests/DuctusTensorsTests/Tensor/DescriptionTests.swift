import DuctusTensors
import DuctusTestSupport
import Testing

@Suite struct DescriptionTests {
    /// Descriptions match NumPy character by character.
    @Test(arguments: try Goldens.cases("printing"))
    func descriptionsMatchNumPy(golden: GoldenCase) throws {
        let text =
            switch golden.text("dtype") {
            case "float32": try golden.tensor("elements", as: Float.self).strided.description
            case "float64": try golden.tensor("elements", as: Double.self).description
            case "int32": try golden.tensor("elements", as: Int32.self).description
            case "uint8": try golden.tensor("elements", as: UInt8.self).description
            default: try golden.tensor("elements", as: Bool.self).description
            }
        #expect(text == golden.text("text"))
    }

    @Test func debugDescriptionShowsTypeAndShape() {
        #expect(String(reflecting: [[1, 2]] as Tensor<Int32>) == "Tensor<Int32> [1, 2]\n[[1 2]]")
        #expect(String(reflecting: Tensor<Float>(1.5)) == "Tensor<Float> []\n1.5")
    }
}
