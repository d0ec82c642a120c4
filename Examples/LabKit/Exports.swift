// The pictures of the labs are charts.
@_exported import DuctusCharts
