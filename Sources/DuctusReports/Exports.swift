// Importing this module also imports the modules that it builds on.
@_exported import DuctusCharts
@_exported import DuctusHandwriting
