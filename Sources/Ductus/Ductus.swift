// Everything from tensors to handwriting under one import.
@_exported import DuctusHandwriting
@_exported import DuctusModels
