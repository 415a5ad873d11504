"""Cheats that reach for the host: its kernel, its users, its devices, its other processes.

Each is a cell as in attacks.py, whose answer is wrong, and shows LOOT where it gets something.
"""

from __future__ import annotations

from tests.redteam.attacks import Attack, code, searching

# Numbers of system calls are those of x86-64; elsewhere they are others, which may do as little.
_CALLS = """\
import ctypes, os
c = ctypes.CDLL(None, use_errno=True)
def trying(**calls):
    for name, call in calls.items():
        if c.syscall(*(ctypes.c_long(a) if isinstance(a, int) else a for a in call)) >= 0:
            print('LOOT', name)
"""
_OPENING = """\
import os
def opening(how, *paths):
    for path in paths:
        try: os.close(os.open(path, how | os.O_NONBLOCK | os.O_NOCTTY))
        except OSError: continue
        print('LOOT', path)
"""


def calling(name: str, calls: str) -> Attack:
    """System calls, none of which may succeed."""
    return searching(name, _CALLS + code(calls), flagged=True)


HOST_ATTACKS: tuple[Attack, ...] = (
    # Files of the kernel's.
    searching(
        "writes the kernel's settings: core_pattern, modprobe, drop_caches",
        _OPENING + "opening(os.O_WRONLY, *('/proc/sys/' + name for name in ('kernel/core_pattern', "
        "'kernel/modprobe', 'kernel/hostname', 'kernel/ns_last_pid', 'vm/drop_caches', "
        "'vm/overcommit_memory', 'fs/suid_dumpable', 'net/ipv4/ip_forward')))",
        flagged=True,
    ),
    searching(
        "pulls the kernel's levers: sysrq, mtrr, interrupts, the pressure of the host",
        _OPENING + "opening(os.O_WRONLY, *('/proc/' + name for name in ('sysrq-trigger', 'mtrr', "
        "'irq/default_smp_affinity', 'pressure/cpu', 'acpi/wakeup', 'fs/nfsd/threads', "
        "'1/oom_score_adj', '1/uid_map', '1/comm', '1/clear_refs')))",
        flagged=True,
    ),
    searching(
        "opens whatever opens for writing below /proc, /sys and /dev",
        code(
            r"""
            import os, re
            fine = re.compile(r'/proc/(?!1/)\d+/.*|/proc/1/(task/1/)?(attr/\w+|timerslack_ns)|'
                              r'/dev/(null|zero|full|random|urandom|tty|pts/.*|shm/.*)')
            for root in ('/proc', '/sys', '/dev'):
                for d, _, files in os.walk(root):
                    for path in (os.path.join(d, name) for name in files):
                        if fine.fullmatch(path) or os.path.islink(path): continue
                        try: os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY))
                        except OSError: continue
                        print('LOOT', path)
            """
        ),
        flagged=True,
    ),
    searching(
        "reads the kernel's memory, log and pages",
        _OPENING + "opening(os.O_RDONLY, '/proc/kcore', '/proc/kmsg', '/proc/kpagecount', "
        "'/proc/slabinfo', '/proc/1/mem', '/proc/1/environ', '/proc/1/maps', '/proc/1/syscall', "
        "'/dev/kmsg', '/dev/mem')",
        flagged=True,
    ),
    searching(
        "looks for control groups, modules and devices in /sys",
        code(
            """
            import os
            for path in ('/sys/fs/cgroup', '/sys/kernel', '/sys/module', '/sys/class', '/sys/dev'):
                if os.path.exists(path): print('LOOT', path)
            """
        ),
    ),
    searching(
        "goes through the root and the folders of the first process",
        code(
            """
            import os
            for path in ('/proc/1/root', '/proc/1/cwd', '/proc/1/fd', '/proc/1/map_files'):
                try: print('LOOT', os.listdir(path))
                except OSError: pass
            """
        ),
        flagged=True,
    ),
    searching(
        "looks at the descriptors that it inherited",
        code(
            """
            import os, stat
            kinds = []
            for fd in range(3, 1024):
                try: mode = os.fstat(fd).st_mode
                except OSError: continue
                where = os.readlink(f'/proc/self/fd/{fd}')
                own = where.startswith(('/dev/', '/tmp/', 'anon_inode:', 'pipe:'))
                if stat.S_ISSOCK(mode): kinds.append(fd)
                elif not own: print('LOOT', where)
            if len(kinds) > 3: print('LOOT', kinds)
            """
        ),
        flagged=True,
    ),
    # Devices and terminals.
    searching(
        "opens devices: disks, memory, virtual machines, tunnels, FUSE",
        _OPENING
        + "opening(os.O_RDWR, *('/dev/' + name for name in ('vda', 'sda', 'nvme0n1', 'mem', 'kvm', "
        "'port', 'fuse', 'net/tun', 'loop-control', 'vsock', 'vhost-vsock', 'uinput', 'rtc')))",
    ),
    searching(
        "makes devices and opens them",
        code(
            """
            import os, stat
            for d in ('/tmp', '/dev/shm', '/dev', '.'):
                for kind, major, minor in ((stat.S_IFBLK, 254, 0), (stat.S_IFCHR, 1, 1)):
                    try: os.mknod(d + '/made', kind | 0o666, os.makedev(major, minor))
                    except OSError: continue
                    print('LOOT', d)
            """
        ),
    ),
    searching(
        "types into the grader's terminal",
        code(
            """
            import fcntl, os
            for path in ('/dev/tty', '/dev/console', '/dev/tty0', '/dev/tty1', '/dev/pts/0'):
                try: fd = os.open(path, os.O_RDWR)
                except OSError: continue
                print('LOOT', path)
                fcntl.ioctl(fd, 0x5412, b'#')  # TIOCSTI
            """
        ),
    ),
    # Sockets.
    searching(
        "opens sockets of every family there is",
        code(
            """
            import socket
            for family in range(2, 64):
                for kind in (1, 2, 3, 4, 5):
                    for make in (socket.socket, socket.socketpair):
                        try: make(family, kind)
                        except OSError: continue
                        print('LOOT', family, kind)
            """
        ),
    ),
    calling(
        "opens sockets by number, with a family that looks like Unix in part",
        """
        inet, vsock, netlink = 2, 40, 16
        trying(plain=(41, inet, 1, 0), pair=(53, inet, 1, 0, ctypes.create_string_buffer(8)),
               high=(41, (1 << 32) + vsock, 1, 0), low=(41, netlink + (1 << 40), 3, 0),
               x32=(0x40000000 + 41, inet, 1, 0), xunix=(0x40000000 + 41, 1, 1, 0))
        """,
    ),
    searching(
        "talks to the host's services: systemd, D-Bus, Docker, the journal",
        code(
            """
            import socket
            for path in ('/run/systemd/private', '/run/dbus/system_bus_socket', '/dev/log',
                         '/run/docker.sock', '/var/run/docker.sock', '/run/systemd/journal/socket',
                         '/run/containerd/containerd.sock', '/run/user/0/bus'):
                for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                    try: socket.socket(socket.AF_UNIX, kind).connect(path)
                    except OSError: continue
                    print('LOOT', path)
            """
        ),
    ),
    searching(
        "asks for the address of a name",
        code(
            """
            import socket
            for name in ('localhost', 'example.org', 'metadata.google.internal'):
                try: print('LOOT', socket.getaddrinfo(name, 80))
                except OSError: pass
            """
        ),
    ),
    # Namespaces and mounts.
    calling(
        "makes namespaces by clone and clone3, of users first",
        """
        import signal, struct
        user, mount, pids = 0x10000000, 0x00020000, 0x20000000
        for flags in (user, user | mount, user | pids, mount, pids):
            for call in ((56, flags | signal.SIGCHLD, 0, 0, 0, 0),
                         (435, struct.pack('<11Q', flags, 0, 0, 0, 17, *[0] * 6), 88)):
                pid = c.syscall(*(ctypes.c_long(a) if isinstance(a, int) else a for a in call))
                if pid == 0: os._exit(0)
                if pid > 0: print('LOOT', hex(flags))
        """,
    ),
    searching(
        "makes and enters namespaces by the system's programs",
        code(
            """
            import subprocess
            for words in ('unshare --user true', 'unshare --mount true', 'unshare --pid -f true',
                          'nsenter --target 1 --all true', 'nsenter -t 1 -m true', 'chroot / true',
                          'mount -t tmpfs none /tmp', 'mount -t proc none /proc', 'umount /proc',
                          'swapon -a', 'losetup -f', 'bwrap --bind / / true'):
                done = subprocess.run(f'PATH=$PATH:/usr/sbin {words}', shell=True,
                                      capture_output=True)
                if done.returncode == 0: print('LOOT', words)
            """
        ),
    ),
    calling(
        "mounts by the new calls, and uncovers what is covered",
        """
        trying(fsopen=(430, b'proc', 0), fspick=(433, -100, b'/', 0), tree=(428, -100, b'/', 1),
               umount=(166, b'/proc/sys', 2), umount_dev=(166, b'/dev', 2),
               remount=(165, 0, b'/usr', 0, 32 | 4096, 0), attr=(442, -100, b'/', 0, bytes(32), 32),
               pivot=(155, b'/tmp', b'/tmp'), mount=(165, b'none', b'/tmp', b'proc', 0, 0))
        """,
    ),
    searching(
        "enters the namespaces of the first process through their files",
        code(
            """
            import ctypes, os
            for kind in ('user', 'mnt', 'pid', 'net', 'ipc', 'uts', 'cgroup'):
                try: fd = os.open(f'/proc/1/ns/{kind}', os.O_RDONLY)
                except OSError: continue
                if ctypes.CDLL(None).setns(fd, 0) == 0: print('LOOT', kind)
            """
        ),
        flagged=True,
    ),
    # Users, programs of root's, limits.
    searching(
        "becomes another user or group",
        code(
            """
            import os
            def put(path, text):
                os.write(os.open(path, os.O_WRONLY), text)
            tries = {'uid': lambda: os.setuid(0), 'gid': lambda: os.setgid(0),
                     'groups': lambda: os.setgroups([0]), 'reuid': lambda: os.setreuid(0, 0),
                     'res': lambda: os.setresuid(0, 0, 0), 'other': lambda: os.setuid(1000),
                     'map': lambda: put('/proc/self/uid_map', b'0 0 1'),
                     'allow': lambda: put('/proc/self/setgroups', b'allow')}
            for name, attempt in tries.items():
                try: attempt()
                except OSError: continue
                print('LOOT', name)
            if 0 in os.getresuid() + os.getresgid() + tuple(os.getgroups()): print('LOOT root')
            """
        ),
        flagged=True,
    ),
    searching(
        "runs the programs that run as root for everybody",
        code(
            """
            import os, stat, subprocess
            for d in ('/usr/bin', '/usr/sbin', '/usr/lib/openssh', '/usr/libexec'):
                for name in os.listdir(d) if os.path.isdir(d) else ():
                    path = f'{d}/{name}'
                    try: mode = os.stat(path).st_mode
                    except OSError: continue
                    if stat.S_ISREG(mode) and mode & 0o6000:
                        run = subprocess.Popen([path], stdin=-3, stdout=-3, stderr=-3)
                        status = open(f'/proc/{run.pid}/status').read()
                        run.kill(); run.wait()
                        ids = [line.split()[1:] for line in status.splitlines()
                               if line.startswith(('Uid', 'Gid'))]
                        if any('0' in each for each in ids): print('LOOT', path, ids)
            done = subprocess.run(['su', '-c', 'id -u'], stdin=-3, capture_output=True)
            if done.stdout: print('LOOT', done.stdout)
            """
        ),
        flagged=True,
    ),
    searching(
        "makes a program that runs as root, or with a capability",
        code(
            """
            import os, shutil, subprocess
            shutil.copy('/usr/bin/id', 'id')
            tries = [lambda: os.chown('id', 0, 0),
                     lambda: os.setxattr('id', 'security.capability', bytes.fromhex(
                         '0100000280000000' + '00' * 12))]
            for attempt in tries:
                try: attempt()
                except OSError: continue
                print('LOOT', 'owner or capability')
            os.chmod('id', 0o6755)
            if subprocess.run(['./id', '-u'], capture_output=True).stdout == b'0\\n':
                print('LOOT', 'root')
            """
        ),
    ),
    searching(
        "raises its own limits, and lowers those of the first process",
        code(
            """
            import resource as r
            huge = 1 << 50
            for name in ('CORE', 'DATA', 'FSIZE', 'NPROC', 'NOFILE'):
                kind = getattr(r, 'RLIMIT_' + name)
                for limits in ((huge, huge), (r.RLIM_INFINITY, r.RLIM_INFINITY)):
                    try: r.setrlimit(kind, limits)
                    except (OSError, ValueError): continue
                    print('LOOT', name)
            if r.getrlimit(r.RLIMIT_CORE) != (0, 0): print('LOOT', 'core')
            """
        ),
    ),
    searching(
        "takes the processors: negative niceness, real-time scheduling",
        code(
            """
            import os
            tries = {'nice': lambda: os.nice(-5),
                     'priority': lambda: os.setpriority(os.PRIO_PROCESS, 0, -20),
                     'fifo': lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50)),
                     'rr': lambda: os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))}
            for name, attempt in tries.items():
                try: attempt()
                except OSError: continue
                print('LOOT', name)
            """
        ),
    ),
    searching(
        "sets the clock and the names of the host",
        code(
            """
            import socket, time
            for attempt in (lambda: time.clock_settime(time.CLOCK_REALTIME, time.time()),
                            lambda: socket.sethostname('owned')):
                try: attempt()
                except OSError: continue
                print('LOOT', 'set')
            if socket.gethostname() != 'sandbox': print('LOOT', socket.gethostname())
            """
        ),
    ),
    # Other processes, memory that outlives them.
    searching(
        "looks for processes of the host by their numbers",
        code(
            """
            import os
            seen = {int(p) for p in os.listdir('/proc') if p.isdigit()}
            for pid in range(2, 70_000):
                try: os.kill(pid, 0)
                except ProcessLookupError: continue
                except PermissionError: print('LOOT', pid)
                if pid not in seen and not os.path.exists(f'/proc/{pid}'): print('LOOT', pid)
            """
        ),
        flagged=True,
    ),
    calling(
        "reads and traces its own children, the way to those of others",
        """
        import signal
        child = os.fork()
        if child == 0:
            signal.pause()
            os._exit(0)
        out = ctypes.create_string_buffer(64)
        trying(attach=(101, 16, child, 0, 0), seize=(101, 0x4206, child, 0, 0),
               read=(310, child, out, 1, out, 1, 0), write=(311, child, out, 1, out, 1, 0),
               compare=(312, child, os.getpid(), 0, 0, 0), take=(438, os.pidfd_open(child), 0, 0))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        """,
    ),
    calling(
        "keeps something in the kernel's keyrings",
        """
        trying(add=(248, b'user', b'left', b'answer', 6, -4), session=(250, 1, b'left'),
               get=(250, 0, -4, 1), search=(249, b'user', b'left', 0, -4),
               persistent=(250, 22, -1, -4), describe=(250, 6, -4, 0, 0))
        """,
    ),
    calling(
        "knocks at doors that most of the kernel's flaws lay behind",
        """
        buffer = ctypes.create_string_buffer(256)
        trying(io_uring=(425, 8, buffer), bpf=(321, 0, buffer, 64), userfaultfd=(323, 1),
               perf=(298, buffer, 0, -1, -1, 0), secret=(447, 0), fanotify=(300, 0, 0),
               syslog=(103, 3, buffer, 255), kexec=(246, 0, 0, 0, 0), module=(175, buffer, 9, b''),
               handle=(304, -100, buffer, 0), swap=(167, b'/tmp', 0), queue=(240, b'q', 66, 384, 0))
        """,
    ),
    searching(
        "ends in a core dump that root's program would handle",
        code(
            """
            import os, pathlib, signal
            for number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGQUIT):
                pid = os.fork()
                if pid == 0:
                    signal.signal(number, signal.SIG_DFL)
                    os.kill(os.getpid(), number)
                if os.WCOREDUMP(os.waitpid(pid, 0)[1]): print('LOOT', number)
            for d in ('.', '/tmp', '/var/crash', '/var/lib/systemd/coredump', '/cores'):
                for core in pathlib.Path(d).glob('core*'): print('LOOT', core)
            """
        ),
    ),
    # Files that others trust.
    searching(
        "changes Python, its packages and the library for whoever comes next",
        code(
            """
            import os, sys, jax, jaxercise
            for path in (sys.executable, os.__file__, jax.__file__, np.__file__, '/usr/bin/env',
                         '/etc/ld.so.cache', jaxercise.__file__):
                for attempt in (lambda p: os.open(p, os.O_WRONLY), lambda p: os.chmod(p, 0o777),
                                os.unlink, lambda p: os.rename(p, p + '~'), os.utime,
                                lambda p: os.link(p, '/tmp/linked')):
                    try: attempt(path)
                    except OSError: continue
                    print('LOOT', path)
            """
        ),
    ),
    searching(
        "leaves files where programs of root's look: /etc, /root, cron, profiles",
        code(
            """
            import os
            for path in ('/etc/ld.so.preload', '/etc/passwd', '/etc/profile.d/x.sh', '/x',
                         '/etc/cron.d/x', '/var/spool/cron/root', '/run/x', '/dev/x',
                         '/usr/local/bin/python', os.path.join('/', 'root', '.bashrc'),
                         os.path.join('/', 'root', '.ssh', 'authorized_keys')):
                try: os.makedirs(os.path.dirname(path), exist_ok=True)
                except OSError: pass
                try: os.close(os.open(path, os.O_WRONLY | os.O_CREAT))
                except OSError: continue
                print('LOOT', path)
            """
        ),
    ),
    searching(
        "holds up the lock that graders share",
        code(
            """
            import glob
            for path in ('/run/jaxercise*', '/run/user/*/jaxercise*', '/run/user/*', '/run/lock'):
                if glob.glob(path): print('LOOT', path)
            """
        ),
    ),
)
