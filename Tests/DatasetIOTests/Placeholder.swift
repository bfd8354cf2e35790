import DatasetIO
