import DuctusCommand
import DuctusMPI

#if MPI
    if let communicator = MPICommunicator.started() {
        DuctusCommand.main(on: communicator)
    } else {
        DuctusCommand.main()
    }
#else
    DuctusCommand.main()
#endif
