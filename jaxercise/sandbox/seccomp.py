"""A filter, loaded by bubblewrap, of system calls that no notebook needs.

It refuses four kinds: memory outside processes and file systems, which neither limits nor the
watchdog would see; access to other processes; calls for administrators, and those in which most
known flaws of the kernel were found; and sockets of any family but Unix, some of which (AF_VSOCK,
AF_NETLINK, AF_ALG) a network namespace does not isolate. A refused call fails with "not
implemented", a socket with "address family not supported", which libraries handle.
"""

from __future__ import annotations

import errno
import platform
import socket
import struct

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | errno.ENOSYS, 0x80000000
_NO_SUCH_FAMILY = 0x00050000 | errno.EAFNOSUPPORT
# A family is an int: of its argument the kernel reads the lower half, which comes first.
_NUMBER_AT, _ARCHITECTURE_AT, _FAMILY_AT = 0, 4, 16
# x86-64's second table of calls (x32), whose numbers the list does not contain.
_X32 = 0x40000000

# Since Linux 5.0 new calls have one number on all machines.
_EVERYWHERE = """
    io_uring_setup 425  io_uring_enter 426  io_uring_register 427  open_tree 428
    move_mount 429  fsopen 430  fsconfig 431  fsmount 432  fspick 433  pidfd_getfd 438
    mount_setattr 442  memfd_secret 447
"""
_REFUSED = {
    "x86_64": (
        0xC000003E,
        """memfd_create 319  shmget 29  shmat 30  msgget 68  semget 64  mq_open 240
        ptrace 101  process_vm_readv 310  process_vm_writev 311  kcmp 312
        add_key 248  request_key 249  keyctl 250  bpf 321  perf_event_open 298  userfaultfd 323
        unshare 272  setns 308  mount 165  umount2 166  pivot_root 155  chroot 161
        open_by_handle_at 304  init_module 175  finit_module 313  delete_module 176
        kexec_load 246  kexec_file_load 320  reboot 169  swapon 167  swapoff 168  syslog 103""",
    ),
    "aarch64": (
        0xC00000B7,
        """memfd_create 279  shmget 194  shmat 196  msgget 186  semget 190  mq_open 180
        ptrace 117  process_vm_readv 270  process_vm_writev 271  kcmp 272
        add_key 217  request_key 218  keyctl 219  bpf 280  perf_event_open 241  userfaultfd 282
        unshare 97  setns 268  mount 40  umount2 39  pivot_root 41  chroot 51
        open_by_handle_at 265  init_module 105  finit_module 273  delete_module 106
        kexec_load 104  kexec_file_load 294  reboot 142  swapon 224  swapoff 225  syslog 116""",
    ),
}
_SOCKETS = {"x86_64": (41, 53), "aarch64": (198, 199)}  # socket, socketpair


def program() -> bytes | None:
    """The filter as classic BPF; None for a machine whose call numbers are not listed."""
    if platform.machine() not in _REFUSED:
        return None
    architecture, listed = _REFUSED[platform.machine()]
    numbers = [int(word) for word in (listed + _EVERYWHERE).split()[1::2]]
    code = [
        _step(_LOAD, _ARCHITECTURE_AT),
        _step(_EQUAL, architecture, 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER_AT),
    ]
    if platform.machine() == "x86_64":
        code += [_step(_AT_LEAST, _X32, 0, 1), _step(_RETURN, _REFUSE)]
    for number in numbers:
        code += [_step(_EQUAL, number, 0, 1), _step(_RETURN, _REFUSE)]
    makes, makes_two = _SOCKETS[platform.machine()]
    code += [
        _step(_EQUAL, makes, 2, 0),
        _step(_EQUAL, makes_two, 1, 0),
        _step(_RETURN, _ALLOW),
        _step(_LOAD, _FAMILY_AT),
        _step(_EQUAL, socket.AF_UNIX, 0, 1),
        _step(_RETURN, _ALLOW),
        _step(_RETURN, _NO_SUCH_FAMILY),
    ]
    return b"".join(code)


def _step(code: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, operand)
