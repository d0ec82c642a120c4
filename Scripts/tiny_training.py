"""A training that takes seconds, for the checks of runs: its data, its configuration, and what its run contains."""
import json
import struct
import zlib


def write_data(directory):
    """Lines of letters that are patterns of bars."""
    rows = {"a": (4, 12), "b": (16, 24), "c": (4, 24)}
    directory.joinpath("lines").mkdir(parents=True)
    with open(directory / "lines.tsv", "w") as table:
        for split, texts in [("train", "ab ba ac ca bc cb abc cab"), ("validation", "bca acb")]:
            for text in texts.split():
                pixels = [bytearray([245] * 14 * len(text)) for _ in range(28)]
                for place, letter in enumerate(text):
                    for row in pixels[slice(*rows[letter])]:
                        row[14 * place + 3 : 14 * place + 11] = bytes([20] * 8)
                directory.joinpath(f"lines/{text}.png").write_bytes(png(pixels))
                table.write(f"{split}\tpage\t{text}.png\t{text}\n")


def png(rows):
    """A gray picture as a PNG file."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def configuration(folder, trackers, epochs, **training):
    """Writes a configuration, and returns its path."""
    path = folder / "tiny.json"
    path.write_text(
        json.dumps({
            "name": "tiny", "task": "lines", "characters": "abc",
            "data": {"kind": "lines", "directory": str(folder / "data")},
            "network": {"name": "crnn", "filters": [2, 2, 3, 3, 3], "hidden": 3, "dropout": 0.1},
            "training": {
                "epochs": epochs, "batchSize": 3, "rate": 0.01, "average": 0.9, "trackers": trackers,
                "optimizer": {"name": "adamW", "decay": 0.05}, **training,
            },
        }))
    return path


def tensors(path):
    """The tensors of a safetensors file as bytes; raises an error if the file is not whole."""
    with open(path, "rb") as file:
        length = struct.unpack("<Q", file.read(8))[0]
        header, data = json.loads(file.read(length)), file.read()
    header.pop("__metadata__", None)
    if len(data) != max(entry["data_offsets"][1] for entry in header.values()):
        raise ValueError(f"{path} is not whole")
    return {name: data[slice(*entry["data_offsets"])] for name, entry in header.items()}


def scalars(run):
    """The scalars of a run: by name a list of (step, time, value)."""
    result = {}
    with open(f"{run}/metrics.jsonl") as file:
        for line in map(json.loads, file):
            kind = "training" if "training" in line else "validation"
            for name, value in line[kind].items():
                result.setdefault(f"{kind}/{name}", []).append((line["step"], line["time"], float(value)))
    return result
