"""The engine process: the only code here that imports wasmtime (DESIGN section 8).

An abort in native code ends this process and nothing else. It runs one call at a time on its main thread, while
a second thread reads the channel, so that Stop is heard, and a third watches the clock.
"""
