// The command line of Ductus, with the components registered here:
//
//     swift run -c release own-network train configuration.json
//     swift run -c release own-network train --resume runs/gratings-20260131-142500
//     swift run -c release own-network evaluate orientation --weights runs/gratings-20260131-142500

import Ductus
import DuctusCommand

Registries.networks.register(StripNetwork.self)
Registries.dataKinds.register(Gratings.self)
Registries.tasks.register(Orientation.self)
DuctusCommand.main()
