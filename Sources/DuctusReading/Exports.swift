// Who imports this module sees what it builds on.
@_exported import DuctusImages
@_exported import DuctusNetworks
