// Who imports this module sees what it builds on.
@_exported import DuctusModels
@_exported import DuctusReading
