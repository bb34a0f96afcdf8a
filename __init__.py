"""The extension's door: hands register and unregister on to addon/, nothing else."""


def register() -> None:
    from . import addon

    addon.register()


def unregister() -> None:
    from . import addon

    addon.unregister()
