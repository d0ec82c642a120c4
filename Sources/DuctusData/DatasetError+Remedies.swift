/// Remedies for missing data sets: what to download, its size and its terms.
extension DatasetError {
    static let mnistRemedy =
        "download the four files of MNIST, train-… and t10k-…-ubyte.gz (11 MB; free to use, cite LeCun et al. 1998),"
        + " into that folder"

    static let emnistRemedy =
        "download EMNIST from https://www.nist.gov/itl/products-and-services/emnist-dataset, as gzip.zip (561 MB) or"
        + " matlab.zip (726 MB; cite Cohen et al. 2017), and unpack its emnist-byclass files into that folder"

    static let iamRemedy =
        "register for the IAM handwriting database (1,539 forms, 13,353 lines; non-commercial research only, not to be"
        + " passed on) at https://fki.tic.heia-fr.ch/databases/iam-handwriting-database, and unpack its ascii, forms"
        + " and lines there"

    static let lineFolderRemedy =
        "a folder of lines needs a lines.tsv with split, page, image and text next to its folder lines"

    static let pageImageRemedy =
        "put the images of the pages next to their XML files, or into a folder next to theirs"

    static let lineImageRemedy = "put the images that lines.tsv names into the folder lines"

    static let pageFolderRemedy =
        "a folder of pages needs an ALTO or PAGE file in XML for every image; https://htr-united.github.io lists data"
        + " sets, each with its own size and terms"
}
