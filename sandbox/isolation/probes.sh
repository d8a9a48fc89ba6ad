#!/bin/sh
# probes.sh ROOT [PATH…]: tries what nobody in a sandbox may be able to do, ROOT being where its own
# files are seen ("" or, from a container inside, "/h"). Prints a line for each thing that succeeded
# and DONE at the end. Opening is enough: nothing is written, so a success does no harm either.
root=$1
shift
# Not /tmp: a sandbox's, and Debian 13's, is mounted so that no device opens in it, whoever allows it.
# An image may have nothing else; then it is an ordinary folder of its root.
place=$(mktemp -d -p /var/tmp 2> /dev/null || mktemp -d)

# opens NAME PATH…: none of these may open for writing.
opens() {
    name=$1
    shift
    for path; do
        [ -e "$root$path" ] && (: >> "$root$path") 2> /dev/null && echo "$name $path"
    done
}

opens kernel-settings /proc/sys/kernel/core_pattern /proc/sys/kernel/modprobe /proc/sys/kernel/hotplug \
    /proc/sys/kernel/sysrq /proc/sys/kernel/panic /proc/sys/kernel/randomize_va_space \
    /proc/sys/vm/drop_caches /proc/sys/vm/overcommit_memory /proc/sys/fs/file-max \
    /proc/sys/fs/suid_dumpable /proc/sys/fs/binfmt_misc/register /proc/sysrq-trigger /proc/kcore
opens kernel-settings /sys/kernel/uevent_helper /sys/power/state /sys/kernel/mm/ksm/run \
    /sys/kernel/mm/transparent_hugepage/enabled /sys/module/*/parameters/*
opens limits /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/pids/pids.max \
    /sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/memory.max /sys/fs/cgroup/pids.max \
    /sys/fs/cgroup/cpu.max
opens host-cgroups /sys/fs/cgroup/*/release_agent /sys/fs/cgroup/devices/devices.allow
# What the caller wants tried as well.
[ $# = 0 ] || opens also "$@"

# Block devices of this machine by their numbers; memory, ports, the kernel's log.
for device in $(sed 's/^/b:/' /sys/block/*/dev 2> /dev/null) c:1:1 c:1:2 c:1:4 c:1:11; do
    kind=${device%%:*} numbers=${device#*:}
    mknod "$place/device" "$kind" "${numbers%:*}" "${numbers#*:}" 2> /dev/null || continue
    head -c 1 "$place/device" > /dev/null 2>&1 && echo "devices $device"
    rm -f "$place/device"
done

# The machine's own root, and file systems that show the machine.
while read -r _ outside _; do
    [ "$outside" != 0 ] || echo "machine-root /proc/self/uid_map"
done < /proc/self/uid_map
for kind in sysfs debugfs tracefs securityfs devtmpfs pstore; do
    mount -t "$kind" none "$place" 2> /dev/null || continue
    # A sysfs of its own network is no harm until something in it opens.
    [ "$kind" = sysfs ] && ! (: >> "$place/kernel/uevent_helper") 2> /dev/null || echo "mounts $kind"
    umount "$place"
done
rmdir "$place"
echo DONE
