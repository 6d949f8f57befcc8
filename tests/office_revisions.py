"""Run by a Python that has `uno` (Debian: python3-uno): LibreOffice accepts or rejects revisions.

Arguments: a folder for the office's profile, then source, target and command (or -) of each job.
"""

import pathlib
import subprocess
import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException


def connected(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    for _ in range(300):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.1)
    raise SystemExit("LibreOffice does not answer")


def setting(name, value):
    entry = PropertyValue()
    entry.Name, entry.Value = name, value
    return entry


def main(profile, *jobs):
    pipe = f"redline{abs(hash(profile))}"
    office = subprocess.Popen(
        [
            "soffice",
            f"-env:UserInstallation={pathlib.Path(profile).as_uri()}",
            "--headless",
            "--norestore",
            f"--accept=pipe,name={pipe};urp",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    context = connected(pipe)
    manager = context.ServiceManager
    desktop = manager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    dispatcher = manager.createInstanceWithContext("com.sun.star.frame.DispatchHelper", context)
    for source, target, command in zip(jobs[::3], jobs[1::3], jobs[2::3], strict=True):
        hidden = (setting("Hidden", True),)
        document = desktop.loadComponentFromURL(
            uno.systemPathToFileUrl(source), "_blank", 0, hidden
        )
        if command != "-":
            frame = document.CurrentController.Frame
            dispatcher.executeDispatch(frame, f".uno:{command}", "", 0, ())
        saved = (setting("FilterName", "MS Word 2007 XML"),)
        document.storeToURL(uno.systemPathToFileUrl(target), saved)
        document.close(True)
    try:
        desktop.terminate()
    finally:
        office.wait(30)


main(*sys.argv[1:])
