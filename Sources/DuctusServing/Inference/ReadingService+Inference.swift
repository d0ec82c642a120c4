extension ReadingService {
    /// The name and version of the service, and the extensions of the protocol that it has.
    func inferenceServer() -> ServiceResponse {
        ServiceResponse(
            json: .object([
                "name": .string("ductus"), "version": .string(Release.version),
                "extensions": .array([.string("binary_tensor_data")]),
            ]))
    }

    /// The description of a model.
    func inferenceModel(_ request: ServiceRequest) throws -> ServiceResponse {
        let (model, models) = try inferenceModel(named: request)
        return ServiceResponse(
            json: .object([
                "name": .string(model.name), "versions": .array([.string(models.version)]),
                "platform": .string("ductus"), "inputs": .array(model.inputs.map(\.json)),
                "outputs": .array(model.outputs.map(\.json)),
            ]))
    }

    /// Whether a model can be used.
    func inferenceModelIsReady(_ request: ServiceRequest) throws -> ServiceResponse {
        let (model, _) = try inferenceModel(named: request)
        return readiness(["name": .string(model.name)])
    }

    /// 200 if requests are answered without a wait for warming up, 503 before that and while the service drains.
    func readiness(_ members: [String: JSONText] = [:]) -> ServiceResponse {
        let isReady = self.isReady
        let members = members.merging(["ready": .boolean(isReady)]) { $1 }
        return ServiceResponse(isReady ? .ok : .serviceUnavailable, json: .object(members))
    }

    /// The model that the path names, with its weights.
    func inferenceModel(named request: ServiceRequest) throws -> (model: InferenceModel, models: Models) {
        let (name, models) = (request.parameters["model"] ?? "", self.models)
        guard let model = InferenceModel.all.first(where: { $0.name == name }), model.isPresent(models) else {
            let present = InferenceModel.all.filter { $0.isPresent(models) }.map(\.name)
            throw Problem(.notFound, "There is no such model; there are \(present.joined(separator: ", ")).")
        }
        if let version = request.parameters["version"], version != models.version {
            throw Problem(.notFound, "The model \(name) has the version \(models.version) only.")
        }
        return (model, models)
    }
}

extension ReadingJob {
    /// The outputs of a model for the inputs in the body.
    func infer() throws -> ServiceResponse {
        let (model, _) = try service.inferenceModel(named: request)
        let inference = try InferenceRequest(request)
        return try InferenceOutput.response(
            model.infer(self, inference), to: inference, model: model.name, version: models.version)
    }
}
