@_exported import DuctusModels
