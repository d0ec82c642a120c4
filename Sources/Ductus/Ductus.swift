// Everything from files to handwriting under one import.
@_exported import DuctusHandwriting
@_exported import DuctusLinearAlgebra
