// Who imports this module sees what it builds on.
@_exported import DuctusFiles
