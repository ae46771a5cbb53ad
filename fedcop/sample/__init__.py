"""The sample network: three councils on this machine, driven by command line and client API only."""
