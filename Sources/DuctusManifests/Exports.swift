// Importing this module also imports the modules it builds on.
@_exported import DuctusData
