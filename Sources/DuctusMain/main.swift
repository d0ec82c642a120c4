import DuctusCommand

DuctusCommand.main()
