// Importing this module also imports the modules that it builds on.
@_exported import DuctusModels
@_exported import DuctusReading
