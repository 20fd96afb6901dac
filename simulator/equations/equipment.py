r"""Motors, driven machines, speed control and transformers: how much electricity a task takes.

A share :math:`m_{s,e}` of the electricity of sector s passes through drive e (fans, pumps,
compressors, other drives). With the efficiencies of motor, machine and speed control

.. math:: \eta_e = \bar\eta_{motor}\, \bar\eta_{machine,e}\, \eta_{v,e}, \qquad
          \eta_{v,e} = 1 / (1 - s\, v_e\, a_e)

the same task takes :math:`\phi_s` times the electricity that it took with the equipment of
the reference year:

.. math:: \phi_s = 1 - \sum_e m_{s,e} + \sum_e m_{s,e}\, \eta_e^{ref} / \eta_e

Averages are weighted by the stock in use. The equipment is ordered, ages and retires in the
fleets like every other plant; here it only acts on the electricity of those who run it.
Distribution transformers act through the losses of the network.

Axes: equipment is motors, fans, pumps, compressors, transformers; drive is fans, pumps,
compressors, other drives; class is the efficiency class, at most five.
"""

from typing import Any, NamedTuple

from simulator.equations.schedule import Schedule

Array = Any

_TINY = 1e-12
"""Guards the average of an empty stock."""

_KILO = 1e3
"""Gigawatt hours in a terawatt hour."""


class EquipmentParameters(NamedTuple):
    """What the equipment of the economy is like."""

    quality: Array
    """Efficiency by class; loss per throughput of transformers, (equipment, class, S) [1]."""
    reference_quality: Array
    """Its average in the reference year, (equipment, S) [1]."""
    drive_share: Array
    """Share of a sector's electricity that a drive takes, (sector, drive, S) [1]."""
    full_load_hours: Array
    """Electricity of motors over their rating, (S) [h/yr]."""
    distributed_share: Array
    """Share of electricity that passes a distribution transformer, (S) [1]."""
    line_loss: Schedule
    """Losses of lines and large transformers, () [1]."""
    speed_control_saving: Array
    """Electricity saved by speed control where it applies, (S) [1]."""
    speed_control_applicability: Array
    """Share of the load for which it pays, (drive, S) [1]."""
    speed_control_reference: Array
    """Share of that load under speed control in the reference year, (S) [1]."""
    speed_control_target: Schedule
    """Share that users move towards, () [1]."""
    speed_control_rate: Array
    """Speed of that move, (S) [1/yr]."""
    speed_control_lever: Schedule
    """How much faster policy makes it, () [1]."""
    early_replacement: Schedule
    """Old transformers taken out of service in a year, () [1/yr]."""
    replaced_early: Array
    """1 for the classes that this reaches, (equipment, class, S) [1]."""
    rebound: Schedule
    """Elasticity of the use of a service to its electricity, 0 in history, () [1]."""
    efficient_product: Array
    """1 where a sale counts as a high-efficiency product, (equipment, class, S) [1]."""


class EquipmentState(NamedTuple):
    """Stock of the module; the machines themselves are in the fleets."""

    speed_control: Array
    """Share of suitable load under speed control, (drive, S) [1]."""


def stock_average(xp: Any, *, stock: Array, quality: Array) -> Array:
    """Average of a property over the machines in use, (equipment, S), unit of the property.

    Parameters
    ----------
    stock
        Machines in use, all ages together, (equipment, class, S) [GW; TWh/yr].
    quality
        The property, (equipment, class, S).

    """
    weighted = xp.sum(stock * quality, axis=1)
    return weighted / xp.maximum(xp.sum(stock, axis=1), _TINY)


def speed_control_efficiency(*, share: Array, applicability: Array, saving: Array) -> Array:
    """Relative efficiency that speed control gives a drive, at least one, (drive, S) [1]."""
    return 1.0 / (1.0 - saving * share * applicability)


def drive_efficiency(xp: Any, *, average: Array, speed_control: Array) -> Array:
    """Efficiency from the plug to the air or water moved, (drive, S) [1].

    Parameters
    ----------
    average
        Average efficiency of motors, fans, pumps and compressors in this order, then
        anything else, (equipment, S) [1]. Other drives have a motor only.
    speed_control
        Relative efficiency of speed control, (drive, S) [1].

    """
    motor, driven = average[:1], average[1:4]
    machine = xp.concatenate([driven, xp.ones_like(motor)], axis=0)
    return motor * machine * speed_control


def electricity_factor(
    xp: Any, *, drive_share: Array, efficiency: Array, reference: Array
) -> Array:
    """Electricity for the tasks of a sector relative to the reference year, (sector, S) [1].

    Parameters
    ----------
    drive_share
        (sector, drive, S) [1].
    efficiency, reference
        Efficiency of the drives now and in the reference year, (drive, S) [1].

    """
    return 1.0 + xp.sum(drive_share * (reference / efficiency - 1.0), axis=1)


def required_stock(
    xp: Any,
    *,
    electricity: Array,
    drive_share: Array,
    full_load_hours: Array,
    distributed_share: Array,
) -> Array:
    """Machines that the electricity use of the economy asks for, (equipment, S).

    Motors serve every drive; transformers are counted by throughput.

    Parameters
    ----------
    electricity
        Use by sector, (sector, S) [TWh/yr].
    drive_share
        (sector, drive, S) [1].
    full_load_hours
        (S) [h/yr].
    distributed_share
        (S) [1].

    Returns
    -------
    Array
        Motors, fans, pumps, compressors [GW] and transformers [TWh/yr].

    """
    driven = xp.sum(electricity[:, xp.newaxis] * drive_share, axis=0) * _KILO / full_load_hours
    motors = xp.sum(driven, axis=0, keepdims=True)
    throughput = distributed_share * xp.sum(electricity, axis=0, keepdims=True)
    parts = xp.concatenate([motors, driven[:3]], axis=0)
    return xp.concatenate([parts, throughput + 0.0 * motors], axis=0)


def users(xp: Any, *, electricity: Array, drive_share: Array) -> Array:
    """Part of each equipment that stands in each sector, (sector, equipment, S) [1].

    They are counted as in `required_stock`: motors and driven machines by the electricity that
    passes them, transformers by all of it.

    Parameters
    ----------
    electricity
        Use by sector, (sector, S) [TWh/yr].
    drive_share
        (sector, drive, S) [1].

    """
    driven = electricity[:, xp.newaxis] * drive_share
    motors = xp.sum(driven, axis=1, keepdims=True)
    throughput = electricity[:, xp.newaxis] + 0.0 * motors
    stands = xp.concatenate([motors, driven[:, :3], throughput], axis=1)
    return stands / xp.maximum(xp.sum(stands, axis=0), _TINY)


def network_loss(
    *, line_loss: Array, transformer_loss: Array, distributed_share: Array
) -> Array:
    """Share of electricity lost between power plants and users, (S) [1]."""
    return line_loss + distributed_share * transformer_loss


def speed_control_change(*, share: Array, target: Array, rate: Array, lever: Array) -> Array:
    """Adoption of speed control towards its target, (drive, S) [1/yr]."""
    return (target - share) * rate * (1.0 + lever)


def early_replacement_hazard(*, rate: Array, replaced_early: Array) -> Array:
    """Further early retirement of old classes, (equipment, class, S) [1/yr]."""
    return rate * replaced_early


def efficient_market_share(
    xp: Any, *, additions: Array, price: Array, efficient_product: Array
) -> Array:
    """Share of high-efficiency products in sales by value, (S) [1].

    Parameters
    ----------
    additions
        Sales, (equipment, class, S) [GW/yr; TWh/yr/yr].
    price
        Capital cost, (equipment, class, S) [CNY/kW; CNY/MWh].
    efficient_product
        (equipment, class, S) [1].

    """
    value = additions * price
    total = xp.maximum(xp.sum(value, axis=(0, 1)), _TINY)
    return xp.sum(value * efficient_product, axis=(0, 1)) / total


def with_rebound(*, factor: Array, reference: Array, elasticity: Array) -> Array:
    r"""Electricity factor when a cheaper service is used more, shape of `factor` [1].

    .. math:: \phi\,[1 + \varepsilon\,(\phi / \phi_0 - 1)]

    Parameters
    ----------
    factor, reference
        Electricity for a service now, and when its use was last known [1].
    elasticity
        Of the use of a service to its electricity, negative, (S) [1].

    """
    used: Array = 1.0 + elasticity * (factor / reference - 1.0)
    return factor * used


class EquipmentEffect(NamedTuple):
    """What the equipment in use does to the electricity of the economy."""

    quality: Array
    """Average by equipment: efficiency, loss for transformers, (equipment, S) [1]."""
    electricity_factor: Array
    """Electricity relative to the reference year, (sector, S) [1]."""
    network_loss: Array
    """Share lost between power plants and users, (S) [1]."""


def equipment_effect(
    xp: Any, p: EquipmentParameters, *, stock: Array, share: Array, line_loss: Array
) -> EquipmentEffect:
    """Averages, the electricity factor of every sector, and the losses of the network.

    Parameters
    ----------
    stock
        Machines in use, all ages together, (equipment, class, S) [GW; TWh/yr].
    share
        Share of suitable load under speed control, (drive, S) [1].
    line_loss
        (S) [1].

    """
    average = stock_average(xp, stock=stock, quality=p.quality)
    applies, saves = p.speed_control_applicability, p.speed_control_saving
    now = speed_control_efficiency(share=share, applicability=applies, saving=saves)
    then = speed_control_efficiency(
        share=p.speed_control_reference, applicability=applies, saving=saves
    )
    factor = electricity_factor(
        xp,
        drive_share=p.drive_share,
        efficiency=drive_efficiency(xp, average=average, speed_control=now),
        reference=drive_efficiency(xp, average=p.reference_quality, speed_control=then),
    )
    loss = network_loss(
        line_loss=line_loss,
        transformer_loss=average[4],
        distributed_share=p.distributed_share,
    )
    return EquipmentEffect(average, factor, loss)
