import Spectral
