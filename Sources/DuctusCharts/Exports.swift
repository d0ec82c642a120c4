// Importing this module also imports the module that it builds on.
@_exported import DuctusImages
